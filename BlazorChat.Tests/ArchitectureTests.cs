using System.Reflection;
using System.Text.RegularExpressions;
using BlazorChat.Channels.Layer;
using Mono.Cecil;
using NetArchTest.Rules;

namespace BlazorChat.Tests;

/// <summary>
/// Dependencies run one way, and deleting a feature is deleting a folder. The classes that <c>Program</c> calls put their folder
/// together (<c>AddX</c>, <c>UseX</c>, <c>MapX</c>): they may use all of it, so they count as parts of their own.
/// </summary>
public sealed partial class ArchitectureTests
{
    private static readonly Assembly App = typeof(IChannelLayer).Assembly;
    private static readonly ModuleDefinition Module = ReadApp();

    private static readonly HashSet<string> Composition =
    [
        .. DependencyGraph.UsedBy(Module.GetType("Program"))
            .Where(type => type.Namespace.StartsWith("BlazorChat.", StringComparison.Ordinal))
            .Select(type => type.FullName),
    ];

    private static readonly DependencyGraph Graph = new(Module, PartOf);

    [Theory]
    [InlineData("Common")]
    [InlineData("Channels", "Common")]
    [InlineData("Feeds", "Channels", "Common")]
    [InlineData("Data", "Common")]
    [InlineData("Markup", "Common")]
    [InlineData("Accounts", "Data", "Channels", "Common")]
    [InlineData("Attachments", "Accounts", "Data", "Channels", "Common")]
    [InlineData("Rooms", "Attachments", "Accounts", "Markup", "Data", "Feeds", "Channels", "Common")]
    [InlineData("Notifications", "Rooms", "Attachments", "Accounts", "Markup", "Data", "Feeds", "Channels", "Common")]
    [InlineData("Liveblogs", "Attachments", "Accounts", "Markup", "Data", "Feeds", "Channels", "Common")]
    [InlineData("Admin", "Rooms", "Attachments", "Accounts", "Markup", "Data", "Feeds", "Channels", "Common")]
    [InlineData("Demo", "Admin", "Notifications", "Liveblogs", "Rooms", "Attachments", "Accounts", "Data", "Channels", "Common")]
    public void A_folder_uses_only_those_below_it(string folder, params string[] below) =>
        Assert.Empty(
            from part in Graph.Parts
            where FolderOf(part) == folder
            from used in Graph.UsesOf(part)
            where FolderOf(used) != folder && !below.Contains(FolderOf(used))
            select $"{part} uses {used}");

    /// <summary>The folders within a folder, each of which uses only those named before it; the empty name is what stands in the folder itself.</summary>
    [Theory]
    [InlineData("Common", "Localization", "", "Net", "Emoji", "Names", "Search", "Sites", "Components")]
    [InlineData(
        "Channels", "", "Admission", "Layer.Envelopes", "Layer", "Layer.InMemory", "Layer.Redis", "Consumers", "WebSockets", "EventStreams", "Workers.Queue", "Workers")]
    [InlineData("Feeds", "")]
    [InlineData(
        "Data", "Entities.Accounts", "Entities", "Entities.Rooms", "Entities.Bots", "Entities.Links", "Entities.Liveblogs", "Entities.Notifications", "Search", "",
        "Sqlite", "Sqlite.Migrations", "SqlServer", "SqlServer.Migrations")]
    [InlineData("Markup", "Figures", "Code", "Parsing", "Embeds", "")]
    [InlineData(
        "Accounts", "", "Rights", "Limits", "Mail", "Sites", "Preferences", "Statuses", "Naming", "Passwords", "Sessions", "Presence", "Bots", "Audit", "SignIn", "Recovery", "Confirmation", "Registration", "Profile", "Socket")]
    [InlineData("Attachments", "", "Files", "Rights", "Storage", "Thumbnails", "Metadata", "Serving", "Uploads", "Avatars", "Emoji", "Logo")]
    [InlineData(
        "Rooms", "", "Outbox", "Links", "Direct", "Directory", "Members", "Mentions", "Search.Indexing", "Search", "Messages.Writing", "Messages.Versions", "Messages", "Reactions", "Polls", "Quotes", "Pins", "Previews.Fetching", "Previews", "Reports", "Saved", "Scheduled", "Reminders", "Commands", "Bots", "Threads", "Api", "Api.Http", "Api.Scheduling", "Api.Bots", "Api.Hub", "Api.Socket",
        "Pages.Rows", "Pages.Composing", "Pages.Profile", "Pages.Dialogs", "Pages.Later", "Pages.Polls", "Pages.Direct", "Pages.Menus", "Pages.Threads", "Pages.Pins", "Pages.Search", "Pages", "Pages.Drawer", "Pages.Unread", "Pages.Mentions", "Pages.Saved", "Pages.FollowedThreads", "Pages.Drafts")]
    [InlineData("Liveblogs", "", "Directory", "Posts", "Layout", "Search", "Syndication", "Editing", "Reading", "Streaming")]
    [InlineData("Notifications", "", "Mail", "Push", "Outbox", "Devices", "Pages")]
    [InlineData("Demo", "", "Drawing", "Team", "Scenes", "Filling", "Entry")]
    [InlineData("Admin", "", "Layout", "Pages", "Audit", "Settings", "Reports", "HealthChecks")]
    [InlineData("Shell", "", "Circuits", "Http", "Jump", "Layout")]
    public void A_folder_within_a_folder_uses_only_those_named_before_it(string folder, params string[] lowestFirst)
    {
        string[] order = [.. lowestFirst.Select(name => name.Length == 0 ? folder : $"{folder}.{name}")];
        var parts = Graph.Parts.Where(part => FolderOf(part) == folder && !Composition.Contains($"BlazorChat.{part}")).ToArray();

        Assert.Equal(order.Order(), parts.Order());
        Assert.Empty(
            from part in parts
            from used in Graph.UsesOf(part)
            where FolderOf(used) == folder && Array.IndexOf(order, used) is var at && (at < 0 || at > Array.IndexOf(order, part))
            select $"{part} uses {used}");
    }

    [Fact]
    public void No_namespaces_use_one_another() => Assert.Empty(Graph.FindCycles());

    [Fact]
    public void TheGraph_has_what_the_code_uses_and_finds_a_cycle_in_it()
    {
        // As if the workers were a part of the layer: they know the consumers, who know the layer.
        var graph = new DependencyGraph(Module, type => PartOf(type) is "Channels.Workers" ? "Channels.Layer" : PartOf(type));

        Assert.Contains("Channels.Layer", Graph.UsesOf("Channels.Consumers"));
        Assert.Contains("Data", Graph.UsesOf("Accounts.Sessions"));
        Assert.Contains("Rooms.Pages.Composing", Graph.UsesOf("Rooms.Pages"));
        Assert.Contains(graph.FindCycles(), line => line.StartsWith("Channels.Layer -> Channels.Consumers: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Data_knows_no_HTTP_no_Redis_and_no_cache()
    {
        string[] foreign = ["Microsoft.AspNetCore.Http", "StackExchange.Redis", "Microsoft.Extensions.Caching"];

        Assert.Empty(Using("BlazorChat.Data", foreign));
        Assert.NotEmpty(Using("BlazorChat.Common", foreign));
    }

    [Theory]
    [InlineData("BlazorChat")]
    [InlineData("BlazorChat.Tests")]
    public void Namespaces_follow_folders(string project)
    {
        var root = Path.Combine(Node.Repository, project);
        var files = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(file => (Path: Path.GetRelativePath(Node.Repository, file), Namespace: NamespaceLine().Match(File.ReadAllText(file)).Groups[1].Value))
            .Where(file => !IsOutput(file.Path) && file.Namespace.Length > 0)
            .ToArray();

        Assert.InRange(files.Length, 100, 10_000);
        Assert.DoesNotContain(files, file => file.Namespace != Path.GetDirectoryName(file.Path)!.Replace(Path.DirectorySeparatorChar, '.'));
    }

    /// <summary>A component counts once, with its script and styles. Migrations are generated, and each upgrade adds two files.</summary>
    [Theory]
    [InlineData("BlazorChat")]
    [InlineData("BlazorChat.Tests")]
    [InlineData("benchmarks")]
    [InlineData("wwwroot")]
    public void A_folder_has_at_most_fifteen_files(string root)
    {
        var folders = Directory.EnumerateFiles(Path.Combine(Node.Repository, root), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Node.Repository, file))
            .Where(file => Path.GetExtension(file) is ".cs" or ".razor" or ".js" or ".css" && !Generated().IsMatch(file))
            .GroupBy(file => Path.GetDirectoryName(file)!, file => Path.GetFileName(file).Split(".razor")[0])
            .Select(folder => (Path: folder.Key, Files: folder.Distinct().Count()))
            .ToArray();

        Assert.NotEmpty(folders);
        Assert.DoesNotContain(folders, folder => folder.Files > 15);
    }

    [Fact]
    public void No_type_is_called_like_a_namespace_or_like_a_channel_of_the_base_library()
    {
        var names = App.GetTypes().Where(type => type.Namespace?.StartsWith("BlazorChat", StringComparison.Ordinal) == true).ToArray();
        var namespaces = names.Select(type => type.Namespace!.Split('.')[^1]).ToHashSet();

        Assert.DoesNotContain(names, type => type.Name == "Channel" || namespaces.Contains(type.Name));
    }

    [Fact]
    public void The_program_is_short() =>
        Assert.InRange(File.ReadAllLines(Path.Combine(Node.Repository, "BlazorChat", "Program.cs")).Length, 1, 59);

    private static ModuleDefinition ReadApp()
    {
        var assemblies = new DefaultAssemblyResolver();
        foreach (var known in new[] { App, typeof(object).Assembly, typeof(WebApplication).Assembly })
            assemblies.AddSearchDirectory(Path.GetDirectoryName(known.Location));
        return ModuleDefinition.ReadModule(App.Location, new ReaderParameters { AssemblyResolver = assemblies, InMemory = true });
    }

    private static string FolderOf(string part) => part.Split('.')[0];

    private static bool IsOutput(string path) => path.Split(Path.DirectorySeparatorChar) is [_, "bin" or "obj", ..];

    private static IReadOnlyList<string> Using(string where, string[] what) =>
        Types.InAssembly(App).That().ResideInNamespaceStartingWith(where).ShouldNot().HaveDependencyOnAny(what).GetResult().FailingTypeNames ?? [];

    private static string? PartOf(TypeReference type) =>
        !type.Namespace.StartsWith("BlazorChat.", StringComparison.Ordinal) ? null
        : Composition.Contains(type.FullName) ? type.FullName["BlazorChat.".Length..]
        : type.Namespace["BlazorChat.".Length..];

    [GeneratedRegex(@"(^|[\\/])(bin|obj|node_modules|Migrations)[\\/]")]
    private static partial Regex Generated();

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();
}
