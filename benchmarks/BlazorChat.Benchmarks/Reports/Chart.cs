using System.Globalization;
using System.Security;
using System.Text;
using BlazorChat.Benchmarks.Measuring;

namespace BlazorChat.Benchmarks.Reports;

/// <summary>A table's charted columns as bars, in SVG that reads in light and dark: a panel for each, a bar for each peer.</summary>
internal static class Chart
{
    private const int Width = 760;
    private const int NameWidth = 200;
    private const int BarWidth = 440;
    private const int LineHeight = 24;
    private const int PanelGap = 20;

    private const string Style =
        "text{font:13px system-ui,sans-serif;fill:#57606a}.t{font-weight:600}.b{fill:#8c959f}.o{fill:#0969da}" +
        "@media(prefers-color-scheme:dark){text{fill:#9198a1}.b{fill:#656c76}.o{fill:#4493f8}}";

    /// <param name="own">The peer that stands out.</param>
    public static string Draw(Table table, string own)
    {
        var body = new StringBuilder();
        var y = 0;
        foreach (var (index, column) in table.Columns.Index().Where(column => column.Item.IsCharted))
            y = DrawPanel(body, table, own, index, column.Name, y);
        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {y}" width="{Width}" height="{y}" role="img" aria-label="{SecurityElement.Escape(table.Title)}">
            <style>{Style}</style>
            {body}</svg>

            """;
    }

    private static int DrawPanel(StringBuilder body, Table table, string own, int column, string name, int y)
    {
        var peers = table.Peers.Where(peer => table.Figure(peer, column) is not null).ToArray();
        var most = peers.Select(peer => table.Figure(peer, column)!.Value).DefaultIfEmpty().Max();
        Add(body, $"""<text class="t" x="0" y="{y + 16}">{SecurityElement.Escape(name)}</text>""");
        foreach (var peer in peers)
        {
            y += LineHeight;
            var length = most > 0 ? BarWidth * table.Figure(peer, column)!.Value / most : 0;
            Add(body, $"""<text x="0" y="{y + 16}">{SecurityElement.Escape(peer)}</text>""");
            Add(body, $"""<rect class="{(peer == own ? "o" : "b")}" x="{NameWidth}" y="{y + 3}" width="{length:0.#}" height="{LineHeight - 6}" rx="2"/>""");
            Add(body, $"""<text x="{NameWidth + length + 6:0.#}" y="{y + 16}">{table.Format(peer, column)}</text>""");
        }

        return y + LineHeight + PanelGap;
    }

    private static void Add(StringBuilder body, FormattableString line) => body.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
