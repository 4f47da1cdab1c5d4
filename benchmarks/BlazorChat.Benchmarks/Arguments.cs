using System.Globalization;

namespace BlazorChat.Benchmarks;

/// <summary>The arguments of the command line.</summary>
/// <param name="Scenario">A scenario's name, or <c>all</c>.</param>
/// <param name="Seconds">Of each measurement; null for the scenario's own.</param>
/// <param name="Only">Part of a table's title or of a peer's name: nothing else is measured. Null for everything.</param>
internal sealed record Arguments(string Scenario, bool IsQuick, int? Seconds, int? Rounds, string? Only)
{
    public const string Usage = "SCENARIO [--seconds N] [--rounds N] [--only TEXT] [--quick]";

    /// <summary>Null when the arguments are invalid.</summary>
    public static Arguments? TryParse(string[] args)
    {
        if (args.Length == 0 || args[0].StartsWith('-'))
            return null;
        var arguments = new Arguments(args[0], false, null, null, null);
        for (var i = 1; i < args.Length; i++)
        {
            var next = args[i] switch
            {
                "--quick" => arguments with { IsQuick = true },
                "--seconds" => arguments with { Seconds = ReadNumber(args, ref i) },
                "--only" => arguments with { Only = ++i < args.Length ? args[i] : "" },
                "--rounds" => arguments with { Rounds = ReadNumber(args, ref i) },
                _ => null,
            };
            if (next is null || next.Seconds < 1 || next.Rounds < 1)
                return null;
            arguments = next;
        }

        return arguments;
    }

    /// <summary>0 for what is not a number.</summary>
    private static int ReadNumber(string[] args, ref int index) =>
        ++index < args.Length && int.TryParse(args[index], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
