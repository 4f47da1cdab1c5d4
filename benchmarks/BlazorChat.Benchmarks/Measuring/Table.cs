using System.Globalization;
using System.Text;

namespace BlazorChat.Benchmarks.Measuring;

/// <summary>One figure of a scenario.</summary>
/// <param name="Name">With its unit.</param>
/// <param name="Format">A numeric format string.</param>
/// <param name="IsCharted">Whether the chart shows it.</param>
/// <param name="MustBeZero">For lost, doubled or reordered messages: added over all rounds, and zero for BlazorChat.</param>
internal sealed record Column(string Name, string Format = "0.0", bool IsCharted = false, bool MustBeZero = false);

/// <summary>What a scenario has measured: a row for each peer, of the medians of its rounds.</summary>
internal sealed class Table(string title, params Column[] columns)
{
    private readonly List<(string Peer, List<double?[]> Rounds)> _rows = [];
    private readonly List<(string Peer, string Why)> _skipped = [];

    public string Title => title;

    /// <summary>Whether all rows are ours, and not of peers.</summary>
    public bool IsOurs { get; init; }

    public IReadOnlyList<Column> Columns => columns;

    public IEnumerable<string> Peers => _rows.Select(row => row.Peer);

    /// <summary>Adds the figures of a peer in one round; null for a figure that was not measured.</summary>
    public void Add(string peer, params double?[] figures)
    {
        if (figures.Length != columns.Length)
            throw new ArgumentException($"{columns.Length} figures make a row of \"{title}\".", nameof(figures));
        var row = _rows.Find(row => row.Peer == peer);
        if (row.Rounds is null)
            _rows.Add(row = (peer, []));
        row.Rounds.Add(figures);
    }

    /// <summary>Names a peer that could not be measured.</summary>
    public void Skip(string peer, string why)
    {
        if (!_skipped.Contains((peer, why)))
            _skipped.Add((peer, why));
    }

    /// <summary>The median of the rounds, or their sum for what must be zero; null when no round has it.</summary>
    public double? Figure(string peer, int column)
    {
        var figures = _rows.Find(row => row.Peer == peer).Rounds.Select(round => round[column]).OfType<double>().Order().ToArray();
        if (figures.Length == 0)
            return null;
        return columns[column].MustBeZero ? figures.Sum() : Median(figures);
    }

    /// <summary>What must be zero and is not, in the rows that are ours.</summary>
    /// <param name="own">What we are called beside peers.</param>
    public IEnumerable<string> Wrongs(string own) =>
        from peer in Peers
        where IsOurs || peer == own
        from column in columns.Index()
        where column.Item.MustBeZero && Figure(peer, column.Index) != 0
        select $"{peer}, {title}: {column.Item.Name}";

    public string Format(string peer, int column) => Figure(peer, column)?.ToString(columns[column].Format, CultureInfo.InvariantCulture) ?? "-";

    /// <summary>In Markdown.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"| {title} | {string.Join(" | ", columns.Select(column => column.Name))} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|{string.Concat(Enumerable.Repeat("---:|", columns.Length))}");
        foreach (var peer in Peers)
            text.AppendLine(CultureInfo.InvariantCulture, $"| {peer} | {string.Join(" | ", columns.Select((_, index) => Format(peer, index)))} |");
        foreach (var (peer, why) in _skipped)
            text.AppendLine(CultureInfo.InvariantCulture, $"| {peer} | {why} |{string.Concat(Enumerable.Repeat(" |", columns.Length - 1))}");
        return text.ToString();
    }

    /// <param name="figures">In order.</param>
    private static double Median(double[] figures) => (figures[figures.Length / 2] + figures[(figures.Length - 1) / 2]) / 2;
}
