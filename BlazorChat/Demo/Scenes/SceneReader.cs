using System.Globalization;

namespace BlazorChat.Demo.Scenes;

/// <summary>
/// Reads the scenes, which are texts beside this class. A scene begins with its heads, <c>name General</c>. <c>@ 3d 09:12</c> is a time
/// three days ago and <c>@ -90m</c> one of today; a line follows two minutes after the one before. <c>nora: text</c> is a message,
/// <c>| text</c> its next line, and <c>&gt; nora: text</c> a reply, which <c>&gt;&gt;</c> shows in the room too. An indented verb belongs to
/// the last one: <c>+ 👍 sam jimin</c>, <c>pin nora</c>, <c>file chart.png</c>, <c>poll One / Two</c>, <c>vote 1 sam</c>, <c>read sam</c>,
/// <c>save sam</c>, <c>as label</c>, <c>key</c>. Conversations for later follow lines of <c>--</c>.
/// </summary>
internal sealed class SceneReader(DateTimeOffset now, TimeZoneInfo zone)
{
    private const string Suffix = ".scene.txt";

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, string> _heads = [];
    private readonly List<List<SceneLine>> _parts = [[]];
    private DateTimeOffset _at = now.AddHours(-1);
    private SceneLine? _root;
    private SceneLine? _last;

    /// <summary>All scenes, in the order of their names.</summary>
    public static IReadOnlyList<Scene> ReadAll(DateTimeOffset now, TimeZoneInfo zone)
    {
        var assembly = typeof(SceneReader).Assembly;
        return
        [
            .. from name in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal)
               where name.EndsWith(Suffix, StringComparison.Ordinal)
               let text = new StreamReader(assembly.GetManifestResourceStream(name)!).ReadToEnd()
               select new SceneReader(now, zone).Read(name[..^Suffix.Length], text),
        ];
    }

    /// <exception cref="InvalidDataException">A line has no meaning.</exception>
    public Scene Read(string key, string text)
    {
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            try
            {
                ReadLine(line);
            }
            catch (Exception exception) when (exception is FormatException or ArgumentException or IndexOutOfRangeException or NullReferenceException)
            {
                throw new InvalidDataException($"The scene {key} has a line without a meaning: {line}", exception);
            }
        }

        var kind = Enum.Parse<SceneKind>(_heads.GetValueOrDefault("kind", nameof(SceneKind.Room)));
        return new Scene(key, kind, _heads, _parts[0], [.. _parts.Skip(1)]);
    }

    private void ReadLine(string line)
    {
        if (line == "--")
            _parts.Add([]);
        else if (line.StartsWith("@ ", StringComparison.Ordinal))
            _at = TimeOf(line[2..].Split(' '));
        else if (line[0] == '|')
            _last!.Text += $"\n{(line.Length > 1 ? line[2..] : "")}";
        else if (line.StartsWith("  ", StringComparison.Ordinal))
            ReadDeed(line.Trim().Split(' '));
        else if (line.StartsWith(">> ", StringComparison.Ordinal))
            Add(line[3..], _root, isInRoom: true);
        else if (line.StartsWith("> ", StringComparison.Ordinal))
            Add(line[2..], _root, isInRoom: false);
        else if (_last is null && line.Split(' ', 2) is [var name, var value] && !name.EndsWith(':'))
            _heads[name] = value;
        else
            Add(line, null, isInRoom: true);
    }

    private void Add(string line, SceneLine? root, bool isInRoom)
    {
        var colon = line.IndexOf(": ", StringComparison.Ordinal);
        _last = new SceneLine { Author = line[..colon], Text = line[(colon + 2)..], At = _at, Root = root, IsInRoom = isInRoom };
        if (root is null)
            _root = _last;
        _parts[^1].Add(_last);
        _at += Pause;
    }

    private void ReadDeed(string[] words)
    {
        var rest = string.Join(' ', words.Skip(1));
        switch (words[0])
        {
            case "file":
                _last!.File = rest;
                break;
            case "as":
                _last!.Label = rest;
                break;
            case "poll":
                _last!.Options = rest.Split(" / ");
                break;
            case "key":
                _last!.IsKeyEvent = true;
                break;
            case "+" or "pin" or "vote" or "read" or "save":
                _last!.Deeds.Add((words[0], words[1..]));
                break;
            default:
                throw new FormatException();
        }
    }

    private DateTimeOffset TimeOf(string[] words)
    {
        if (words is [['-', .. var minutes, 'm']])
            return now.AddMinutes(-int.Parse(minutes, CultureInfo.InvariantCulture));
        var day = TimeZoneInfo.ConvertTime(now, zone).Date.AddDays(-int.Parse(words[0][..^1], CultureInfo.InvariantCulture));
        var local = day + TimeSpan.ParseExact(words[1], @"hh\:mm", CultureInfo.InvariantCulture);
        // An hour that the clocks skip is written an hour later.
        if (zone.IsInvalidTime(local))
            local = local.AddHours(1);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
