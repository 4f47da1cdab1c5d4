namespace BlazorChat.Demo.Scenes;

/// <summary>What somebody writes in a scene, and what others do with it.</summary>
internal sealed class SceneLine
{
    /// <summary>The key of the author.</summary>
    public required string Author { get; init; }

    /// <summary>Markdown, with <c>{@key}</c> for a mention and <c>{#label}</c> for the address of a message.</summary>
    public required string Text { get; set; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The first message of its thread; null for a message of the room.</summary>
    public SceneLine? Root { get; init; }

    /// <summary>Whether the room shows the reply too.</summary>
    public bool IsInRoom { get; init; } = true;

    /// <summary>The name of a drawing or a file; empty for none.</summary>
    public string File { get; set; } = "";

    public string Label { get; set; } = "";

    /// <summary>Of a poll; empty for a message.</summary>
    public IReadOnlyList<string> Options { get; set; } = [];

    public bool IsKeyEvent { get; set; }

    /// <summary>What happens after it: each verb with its words.</summary>
    public List<(string Verb, string[] Words)> Deeds { get; } = [];
}

internal enum SceneKind
{
    Room,
    Direct,
    Liveblog,
}

/// <summary>A room or a liveblog with what is written in it.</summary>
/// <param name="Key">The name of its file.</param>
/// <param name="Heads">Its name, topic, people and so on.</param>
/// <param name="Talks">What is written while somebody looks: short conversations.</param>
internal sealed record Scene(
    string Key,
    SceneKind Kind,
    IReadOnlyDictionary<string, string> Heads,
    IReadOnlyList<SceneLine> Lines,
    IReadOnlyList<IReadOnlyList<SceneLine>> Talks)
{
    public string Name => Heads["name"];

    /// <summary>The keys of its people; the first one creates it.</summary>
    public string[] People => Heads["people"].Split(' ');
}
