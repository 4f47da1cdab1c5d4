using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Feeds;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Messages;
using BlazorChat.Rooms.Messages.Writing;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace BlazorChat.Tests;

/// <summary>
/// Every event that is published to a group has a consumer that joins this group and handles this event. Both are read from the
/// compiled app: a call of <see cref="IChannelLayer.PublishAsync"/> names its group by a member of a class <c>…Groups</c>, and so does
/// what a consumer joins.
/// </summary>
public sealed class EventAudienceTests : IDisposable
{
    private readonly ModuleDefinition _app = ModuleDefinition.ReadModule(typeof(IChannelLayer).Assembly.Location);
    private readonly ModuleDefinition _tests = ModuleDefinition.ReadModule(typeof(EventAudienceTests).Assembly.Location);

    public void Dispose()
    {
        _app.Dispose();
        _tests.Dispose();
    }

    [Fact]
    public void B2_Every_published_event_is_handled_by_a_consumer_that_joins_its_group()
    {
        var published = FindPublished(_app.Types).ToHashSet();
        var handled = FindHandled().ToHashSet();

        Assert.Empty(published.Except(handled));
        Assert.Contains(("RoomGroups.User", typeof(RoomChanged).FullName!), published);
        Assert.Contains(("RoomGroups.All", typeof(RoomChanged).FullName!), published);
        Assert.Contains(("RoomGroups.Room", typeof(MessageChanged).FullName!), published);
        Assert.InRange(published.Count, 15, 200);
    }

    [Fact]
    public void B2_What_is_committed_is_published_also_when_its_caller_has_gone()
    {
        var cancellable = AllMethods(_app.Types)
            .Where(method => method.Body.Instructions.Any(at => IsPublish(at) && at.Previous.Operand is not MethodReference { Name: "get_None" }))
            .Select(method => Outermost(method.DeclaringType).Name)
            .Distinct()
            .Order(StringComparer.Ordinal);

        // Who types is stored nowhere; the others have the token of a queue of their own, which no caller cancels.
        Assert.Equal([nameof(Conversation), nameof(MessageWriter), nameof(ReadMarks), nameof(RoomActivity), nameof(ThreadActivity)], cancellable);
    }

    [Fact]
    public void B2_An_event_without_an_audience_is_found()
    {
        var published = FindPublished([_tests.GetType(typeof(UnhandledPublisher).FullName!.Replace('+', '/'))]).ToHashSet();

        Assert.Equal([("RoomGroups.Access", typeof(RoomRead).FullName!), ("RoomGroups.Room", typeof(RoomRead).FullName!)], published.Order());
        Assert.Empty(FindHandled().Intersect(published));
    }

    /// <summary>Each call that publishes, with its groups, which are in the code between the layer and the call.</summary>
    private IEnumerable<(string Group, string Event)> FindPublished(IEnumerable<TypeDefinition> types)
    {
        foreach (var method in AllMethods(types))
        {
            foreach (var call in method.Body.Instructions.Where(IsPublish))
            {
                var message = ((GenericInstanceMethod)call.Operand).GenericArguments[0];
                if (message is GenericParameter)
                    continue;
                var groups = new List<string>();
                for (var at = call.Previous; at is not null && !IsLayer(at); at = at.Previous)
                    groups.AddRange(GroupsOf(at));
                Assert.True(groups.Count > 0, $"{method.FullName} publishes {message.Name} to a group that is no member of a class …Groups.");
                foreach (var group in groups)
                    yield return (group, message.FullName);
            }
        }
    }

    private IEnumerable<(string Group, string Event)> FindHandled()
    {
        foreach (var type in typeof(IChannelLayer).Assembly.GetTypes().Where(type => !type.IsAbstract && !type.IsInterface))
        {
            var groups = Chain(type).SelectMany(JoinedBy).Distinct().ToArray();
            var events = type.IsSubclassOf(typeof(Consumer)) ? ArgumentsOf(type, typeof(IHandle<>))
                : ArgumentsOf(type, typeof(IFeedSource<>)).Where(change => typeof(IHandle<>).MakeGenericType(change).IsAssignableFrom(typeof(FeedConsumer<>).MakeGenericType(change)));
            foreach (var message in events)
            {
                foreach (var group in groups)
                    yield return (group, message.FullName!);
            }
        }
    }

    /// <summary>What a consumer joins, by its property or by a call; and the group of a feed, which the node's consumer of it joins.</summary>
    private IEnumerable<string> JoinedBy(Type type) => _app.GetType(type.FullName!.Replace('+', '/')) is not { } definition
        ? []
        : AllMethods([definition])
            .Where(method => method.Name is "get_Groups" or nameof(IFeedSource<MessageChanged>.GroupOf)
                || method.Body.Instructions.Any(at => at.Operand is MethodReference { Name: "JoinAsync" }))
            .SelectMany(method => method.Body.Instructions.SelectMany(GroupsOf));

    private IEnumerable<string> GroupsOf(Instruction at) => at.Operand switch
    {
        // A member may return that of another class.
        MethodReference method when method.DeclaringType.Name.EndsWith("Groups", StringComparison.Ordinal) =>
            [$"{method.DeclaringType.Name}.{method.Name}", .. method.Resolve().Body.Instructions.SelectMany(GroupsOf)],
        // A constant is compiled into where it is used.
        string text when at.OpCode == OpCodes.Ldstr => _app.Types
            .Where(type => type.Name.EndsWith("Groups", StringComparison.Ordinal))
            .SelectMany(type => type.Fields.Where(field => Equals(field.Constant, text)).Select(field => $"{type.Name}.{field.Name}")),
        _ => [],
    };

    private static bool IsPublish(Instruction at) =>
        at.Operand is GenericInstanceMethod { Name: nameof(IChannelLayer.PublishAsync) } method && method.DeclaringType.Name is nameof(IChannelLayer) or "ChannelLayer";

    private static bool IsLayer(Instruction at) => at.Operand switch
    {
        FieldReference field => field.FieldType.Name is nameof(IChannelLayer) or "ChannelLayer",
        MethodReference method => method.ReturnType.Name is nameof(IChannelLayer) or "ChannelLayer",
        _ => false,
    };

    private static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static IEnumerable<Type> Chain(Type type)
    {
        for (var at = type; at is not null && at.Assembly == type.Assembly; at = at.BaseType)
            yield return at.IsGenericType ? at.GetGenericTypeDefinition() : at;
    }

    private static IEnumerable<Type> ArgumentsOf(Type type, Type generic) => type.GetInterfaces()
        .Where(implemented => implemented.IsGenericType && implemented.GetGenericTypeDefinition() == generic)
        .Select(implemented => implemented.GetGenericArguments()[0])
        .Where(argument => !argument.IsGenericParameter);

    private static IEnumerable<MethodDefinition> AllMethods(IEnumerable<TypeDefinition> types) =>
        types.SelectMany(type => type.Methods.Where(method => method.HasBody).Concat(AllMethods(type.NestedTypes)));

    /// <summary>Publishes what nobody handles, to one of two groups that exist.</summary>
    private sealed class UnhandledPublisher(IChannelLayer layer)
    {
        public async Task PublishAsync(bool toNodes)
        {
            await Task.Yield();
            await layer.PublishAsync(toNodes ? RoomGroups.Access : RoomGroups.Room(1), new RoomRead(1, 1));
        }
    }
}
