using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace BlazorChat.Tests.Support.Clients;

/// <summary>A script with curl, as a real process.</summary>
internal static class Curl
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Runs curl with these arguments.</summary>
    /// <returns>The HTTP status and the JSON of the answer.</returns>
    /// <exception cref="System.ComponentModel.Win32Exception">curl is not installed.</exception>
    /// <exception cref="TimeoutException">It did not end within 15 seconds.</exception>
    public static async Task<(HttpStatusCode Status, JsonElement Answer)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("curl", ["--silent", "--show-error", "--write-out", "\n%{http_code}", .. arguments]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await process.WaitForExitAsync().WaitAsync(Patience);
        var end = output.LastIndexOf('\n');
        return ((HttpStatusCode)int.Parse(output[end..], System.Globalization.CultureInfo.InvariantCulture), JsonDocument.Parse(output[..end]).RootElement);
    }
}
