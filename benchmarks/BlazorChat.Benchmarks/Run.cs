namespace BlazorChat.Benchmarks;

/// <summary>One run of the benchmarks: how much of it is wanted, and how far it is.</summary>
/// <param name="IsQuick">Everything once, small and short: to see that it works, not to learn anything from its figures.</param>
/// <param name="Seconds">How long each peer is measured in each round.</param>
/// <param name="Only">Part of a table's title or of a peer's name; null for everything.</param>
internal sealed record Run(bool IsQuick, int Seconds, int Rounds, string? Only)
{
    public static Run Of(Arguments arguments) => arguments.IsQuick
        ? new Run(true, arguments.Seconds ?? 1, arguments.Rounds ?? 1, arguments.Only)
        : new Run(false, arguments.Seconds ?? 10, arguments.Rounds ?? 3, arguments.Only);

    /// <summary>Whether the tables are whole, and of figures that mean something.</summary>
    public bool IsForThePage => !IsQuick && Only is null;

    public bool Wants(string table, string peer) => Only is null || $"{table} | {peer}".Contains(Only, StringComparison.OrdinalIgnoreCase);

    /// <summary>A line of progress, over the last one at a terminal.</summary>
    public static void Report(string progress)
    {
        if (Console.IsErrorRedirected)
            Console.Error.WriteLine(progress);
        else
            Console.Error.Write($"\r\e[K{progress}");
    }

    /// <summary>Ends the progress line.</summary>
    public static void EndReport()
    {
        if (!Console.IsErrorRedirected)
            Console.Error.Write("\r\e[K");
    }
}
