using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace BlazorChat.Tests.Support.Clients;

/// <summary>Runs curl as a real process, as scripts do.</summary>
internal static class Curl
{
    /// <summary>Runs curl with these arguments and returns when it has ended.</summary>
    /// <returns>The HTTP status and the JSON of the response.</returns>
    /// <exception cref="System.ComponentModel.Win32Exception">curl is not installed.</exception>
    /// <exception cref="TimeoutException">It did not end within <see cref="TestWait.Limit"/>.</exception>
    public static async Task<(HttpStatusCode Status, JsonElement Answer)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("curl", ["--silent", "--show-error", "--write-out", "\n%{http_code}", .. arguments]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(TestWait.Limit);
        await process.WaitForExitAsync().WaitAsync(TestWait.Limit);
        var end = output.LastIndexOf('\n');
        return ((HttpStatusCode)int.Parse(output[end..], System.Globalization.CultureInfo.InvariantCulture), JsonDocument.Parse(output[..end]).RootElement);
    }
}
