using System.Buffers;
using System.Globalization;
using System.Net.WebSockets;
using System.Reflection;
using BlazorChat.Channels.Layer;
using BlazorChat.Common.Components;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Pages;
using BlazorChat.Rooms.Pages.Direct;
using BlazorChat.Rooms.Pages.Drafts;
using BlazorChat.Rooms.Pages.FollowedThreads;
using BlazorChat.Rooms.Pages.Mentions;
using BlazorChat.Rooms.Pages.Pins;
using BlazorChat.Rooms.Pages.Saved;
using BlazorChat.Rooms.Pages.Search;
using BlazorChat.Rooms.Pages.Threads;
using BlazorChat.Rooms.Pages.Unread;
using Microsoft.AspNetCore.Components;

namespace BlazorChat.Tests.Common.Components;

/// <summary>What goes with a page into its circuit has a bound, whatever people have written.</summary>
public sealed class PageStateTests(TestSite site) : IClassFixture<TestSite>
{
    /// <summary>The most bytes of a message to a hub (<c>ShellServices</c>).</summary>
    private const int MaxHubMessage = 256 * 1024;

    /// <summary>Pages and panes of which a page has one at most.</summary>
    private static readonly HashSet<Type?> Alternatives =
        [typeof(RoomListPage), typeof(UnreadPage), typeof(MentionListPage), typeof(FollowedThreadsPage), typeof(DirectPage), typeof(SearchPane), typeof(ThreadPane), typeof(PinsPane), typeof(SavedPage), typeof(ScheduledList)];

    [Theory]
    [InlineData("가", 220)]
    [InlineData("🎉", 110)]
    [InlineData("한", 8_000)]
    public async Task E1_A_room_whose_messages_are_long_in_bytes_becomes_interactive(string letter, int count)
    {
        using var ada = await site.JoinAsync("Ada");
        var room = await site.AddRoomAsync(ada);
        await site.FillRoomAsync(room, ada, 60, i => $"{i} {string.Concat(Enumerable.Repeat(letter, count))}", lastRead: 60);
        var shown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        await using var circuit = await HeadlessCircuit.OpenAsync(ada, $"rooms/{room.Id}", batch =>
        {
            if (batch.IndexOf("id=\"m-60\""u8) >= 0)
                shown.TrySetResult();
        });

        await shown.Task.WaitAsync(TestWait.Limit);
        Assert.True(circuit.IsConnected);
    }

    [Fact]
    public async Task E1_The_list_of_510_rooms_with_long_names_becomes_interactive()
    {
        await using var node = await HostedNode.StartAsync();
        using var ada = new FormClient(node.Address);
        await ada.SetUpAsync();
        await using (var database = new DirectDatabase(node.DataFolder))
        {
            var id = database.Db.Users.Select(user => user.Id).Single();
            for (var i = 0; i < 510; i++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"{i} {new string('방', 140)}");
                var room = new Room { Name = name, NormalizedName = Room.Normalize(name) };
                database.Db.Add(room);
                database.Db.Add(new Membership { Room = room, UserId = id });
            }

            await database.Db.SaveChangesAsync();
        }

        var batches = 0;
        await using var circuit = await HeadlessCircuit.OpenAsync(ada, "/", _ => batches++);

        Assert.True(circuit.IsConnected);
        Assert.True(batches > 0);
    }

    [Fact]
    public void E1_Every_property_that_goes_with_a_page_has_a_bound_and_all_together_fit_into_a_message()
    {
        var services = new ServiceCollection().AddLogging().AddRooms();
        AddOthers(services);
        using var provider = services.BuildServiceProvider();
        var properties = typeof(IChannelLayer).Assembly.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(IComponent)))
            .SelectMany(type => type.GetProperties().Where(property => property.GetCustomAttribute<PersistentStateAttribute>() is not null))
            .ToArray();

        Assert.NotEmpty(properties);
        var bounds = properties.ToLookup(property => Alternatives.Contains(property.DeclaringType), BoundOf);
        var bytes = bounds[false].Sum() + bounds[true].Max();
        // Base64 twice, and as much room again as the rest of the message needs.
        Assert.InRange(bytes * 16 / 9, 1, MaxHubMessage - (16 * 1024));

        int BoundOf(PropertyInfo property)
        {
            // A number is short.
            if (property.PropertyType.IsPrimitive)
                return sizeof(long) * 3;
            var serializer = provider.GetService(typeof(PersistentComponentStateSerializer<>).MakeGenericType(property.PropertyType));
            Assert.True(serializer is not null, $"{property.DeclaringType!.Name}.{property.Name} has no bound: see AddPageState.");
            return (int)serializer.GetType().GetProperty("MaxBytes")!.GetValue(serializer)!;
        }

        static void AddOthers(IServiceCollection services)
        {
            var builder = new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build();
            BlazorChat.Attachments.AttachmentServices.AddAttachments(services, builder.GetSection("Attachments"), "");
            BlazorChat.Liveblogs.LiveblogServices.AddLiveblogs(services);
        }
    }

    [Fact]
    public void E1_A_value_that_is_too_long_is_left_out_and_one_that_fits_arrives_unchanged()
    {
        var state = new PageState<RoomView>(maxBytes: 400);
        var (small, large) = (View("방"), View(new string('방', 140)));

        Assert.Equal(small, Restore(state, small));
        Assert.Null(Restore(state, large));

        static RoomView View(string name) => new(1, name, RoomKind.Open, MembershipRole.Owner, 1, 2, 1);

        static RoomView? Restore(PageState<RoomView> state, RoomView room)
        {
            var written = new ArrayBufferWriter<byte>();
            state.Persist(room, written);
            return state.Restore(new ReadOnlySequence<byte>(written.WrittenMemory));
        }
    }

    [Fact]
    public async Task E1_What_the_hub_refuses_because_of_its_size_is_logged_with_its_size()
    {
        using var ada = await site.JoinAsync("Ada");
        using var socket = new ClientWebSocket();
        socket.Options.Cookies = ada.Cookies;
        socket.Options.SetRequestHeader("Origin", site.Node.Address.GetLeftPart(UriPartial.Authority));
        var address = new UriBuilder(new Uri(site.Node.Address, "_blazor")) { Scheme = "ws" }.Uri;
        await socket.ConnectAsync(address, default);
        await socket.SendAsync("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"u8.ToArray(), WebSocketMessageType.Text, true, default);
        const int length = 300_001;
        // The length in groups of seven bits, the lowest first.
        byte[] message = [0x80 | (length & 0x7f), 0x80 | ((length >> 7) & 0x7f), length >> 14, .. new byte[length]];

        await socket.SendAsync(message, WebSocketMessageType.Binary, true, default);

        await site.Node.WaitForLogAsync($"{length.ToString(CultureInfo.InvariantCulture)} bytes was refused");
    }
}
