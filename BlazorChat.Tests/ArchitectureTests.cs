using System.Reflection;
using BlazorChat.Channels.Layer;
using NetArchTest.Rules;

namespace BlazorChat.Tests;

/// <summary>Dependencies run one way, and deleting a feature is deleting a folder.</summary>
public sealed class ArchitectureTests
{
    private static readonly Assembly App = typeof(IChannelLayer).Assembly;

    [Theory]
    [InlineData("Channels", "Feeds", "Data", "Markup", "Accounts", "Rooms", "Liveblogs", "Attachments", "Shell")]
    [InlineData("Common", "Channels", "Feeds", "Markup", "Accounts", "Rooms", "Liveblogs", "Attachments", "Shell")]
    [InlineData("Feeds", "Data", "Markup", "Accounts", "Rooms", "Liveblogs", "Attachments", "Shell")]
    [InlineData("Data", "Channels", "Feeds", "Markup", "Accounts", "Rooms", "Liveblogs", "Attachments", "Shell")]
    [InlineData("Markup", "Channels", "Feeds", "Data", "Accounts", "Rooms", "Liveblogs", "Attachments", "Shell")]
    [InlineData("Accounts", "Feeds", "Rooms", "Liveblogs", "Attachments", "Shell")]
    [InlineData("Attachments", "Rooms", "Liveblogs", "Shell")]
    [InlineData("Rooms", "Liveblogs", "Shell")]
    [InlineData("Liveblogs", "Rooms", "Shell")]
    public void A_folder_uses_only_what_stands_below_it(string folder, params string[] above)
    {
        var result = Types.InAssembly(App)
            .That().ResideInNamespaceStartingWith($"BlazorChat.{folder}")
            .ShouldNot().HaveDependencyOnAny([.. above.Select(name => $"BlazorChat.{name}")])
            .GetResult();

        Assert.Empty(result.FailingTypeNames ?? []);
    }

    [Fact]
    public void The_rule_would_find_a_wrong_dependency() =>
        Assert.False(Types.InAssembly(App)
            .That().ResideInNamespaceStartingWith("BlazorChat.Rooms")
            .ShouldNot().HaveDependencyOnAny("BlazorChat.Channels")
            .GetResult().IsSuccessful);

    [Fact]
    public void No_type_is_called_like_a_namespace_or_like_a_channel_of_the_base_library()
    {
        var names = App.GetTypes().Where(type => type.Namespace?.StartsWith("BlazorChat", StringComparison.Ordinal) == true).ToArray();
        var namespaces = names.Select(type => type.Namespace!.Split('.')[^1]).ToHashSet();

        Assert.DoesNotContain(names, type => type.Name == "Channel" || namespaces.Contains(type.Name));
    }

    [Fact]
    public void The_program_is_short() =>
        Assert.InRange(File.ReadAllLines(Path.Combine(NodeProcess.Repository, "BlazorChat", "Program.cs")).Length, 1, 59);
}
