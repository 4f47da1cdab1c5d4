namespace BlazorChat.Benchmarks.Servers;

/// <summary>The programs that are measured, as this build made them.</summary>
internal static class Built
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    /// <summary>In the tests, where figures do not matter, the published app that they start faster.</summary>
    public static string App => Environment.GetEnvironmentVariable("BLAZORCHAT_TEST_APP") is { Length: > 0 } folder
        ? Path.Combine(folder, "BlazorChat.dll")
        : Find("BlazorChat", "BlazorChat");

    public static string Gauge => Find("benchmarks/Gauge", "Gauge");

    public static string Peer(string name) => Find($"benchmarks/peers/{name}", name);

    private static string Find(string folder, string name) => Path.Combine(NodeProcess.Repository, folder, "bin", Configuration, "net10.0", $"{name}.dll");
}
