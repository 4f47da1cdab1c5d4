using BlazorChat.Demo.Drawing;

namespace BlazorChat.Demo.Team;

/// <summary>An invented person.</summary>
/// <param name="Key">The name in the scenes, and the first part of the email address.</param>
/// <param name="Language">What they chose; null for that of the browser.</param>
internal sealed record DemoPerson(string Key, string Name, Looks Looks, string? Language = null)
{
    public string Email => $"{Key}@demo.invalid";

    /// <summary>Of their status; empty for none.</summary>
    public string StatusEmoji { get; init; } = "";

    public string StatusText { get; init; } = "";

    /// <summary>Whether visitors can sign in as this person.</summary>
    public bool IsVisitor { get; init; }
}

/// <summary>The people of the demo. The first one is the admin.</summary>
internal static class DemoTeam
{
    public const string SiteName = "Harbor Courier";

    public static IReadOnlyList<DemoPerson> All { get; } =
    [
        new("sam", "Sam Rivera", new(0xCFE3D4, 0xE0AC84, 0x3A2A20, 0x3A7D44, Hair.Short)) { IsVisitor = true },
        new("jimin", "서지민", new(0xF6D7C3, 0xF2CBA8, 0x1F1A18, 0xE4572E, Hair.Bob), "ko") { IsVisitor = true },
        new("nora", "Nora Lindqvist", new(0xC9D9EC, 0xF4D2B8, 0xC98B3A, 0x24476B, Hair.Long))
        {
            StatusEmoji = "🗞️",
            StatusText = "Closing the Saturday issue",
        },
        new("tariq", "Tariq Haddad", new(0xF2DDA4, 0xC68B5E, 0x241A14, 0x7B3F61, Hair.Short, HasBeard: true))
        {
            StatusEmoji = "⛵",
            StatusText = "On the pier",
        },
        new("amara", "Amara Okafor", new(0xE3CCE8, 0x8A5A3C, 0x1B1512, 0xD98E04, Hair.Curls)),
        new("jonas", "Jonas Weber", new(0xD5DBE1, 0xEFC3A4, 0x7A5230, 0x3B4B5A, Hair.Bald, HasGlasses: true, HasBeard: true))
        {
            StatusEmoji = "🎧",
            StatusText = "Focusing",
        },
        new("priya", "Priya Nair", new(0xF5C9CF, 0xB97A50, 0x201713, 0x2E86AB, Hair.Bun)),
        new("haneul", "김하늘", new(0xCDE8EA, 0xF4D0AE, 0x2B211C, 0x4A6FA5, Hair.Long, HasGlasses: true), "ko")
        {
            StatusEmoji = "☕",
            StatusText = "5시까지 원고 정리",
        },
        new("dohyun", "박도현", new(0xDDE5B6, 0xEBBE96, 0x15120F, 0x5B6675, Hair.Short), "ko"),
    ];

    public static DemoPerson Admin => All[0];

    public static IEnumerable<DemoPerson> Visitors => All.Where(person => person.IsVisitor);
}
