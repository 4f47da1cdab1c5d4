using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.EventStreams;
using BlazorChat.Channels.Layer;
using BlazorChat.Channels.WebSockets;

namespace BlazorChat.Tests.Channels.Consumers;

/// <summary>
/// What Django Channels does: a consumer's groups are joined before the connection is accepted, so a peer that is connected misses nothing.
/// </summary>
public sealed class HandshakeTests
{
    [Fact]
    public async Task A_socket_is_in_its_groups_before_its_handshake_completes()
    {
        var backplane = new RecordingBackplane();
        await using var app = await StartAsync(backplane, app => app.MapConsumer<GroupSocket>("/groups/"));

        await using var socket = await SocketClient.ConnectAsync(app.Address, "groups/");

        Assert.Equal(["subscribing", "subscribed", "accepted"], backplane.Steps);
    }

    [Fact]
    public async Task A_stream_is_in_its_groups_before_it_begins()
    {
        var backplane = new RecordingBackplane();
        await using var app = await StartAsync(backplane, app => app.MapConsumer<GroupStream>("/groups/"));

        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri(app.Address, "groups/"), HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(["subscribing", "subscribed", "accepted"], backplane.Steps);
    }

    private static Task<ConsumerApp> StartAsync(RecordingBackplane backplane, Action<WebApplication> map) => ConsumerApp.StartAsync(
        app =>
        {
            app.Use((context, next) =>
            {
                context.Response.OnStarting(() =>
                {
                    backplane.Steps.Add("accepted");
                    return Task.CompletedTask;
                });
                return next(context);
            });
            map(app);
        },
        services => services.AddSingleton<IBackplane>(backplane));

    private sealed class GroupSocket : WebSocketConsumer
    {
        protected override IEnumerable<string> Groups => [RecordingBackplane.Group];
    }

    private sealed class GroupStream : EventStreamConsumer
    {
        protected override IEnumerable<string> Groups => [RecordingBackplane.Group];
    }

    /// <summary>A backplane whose answers come later, as those of Redis do.</summary>
    private sealed class RecordingBackplane : IBackplane
    {
        public const string Group = "group";

        public List<string> Steps { get; } = [];

        public LayerState State => LayerState.Connected;

        public void Start(IBackplaneListener listener)
        {
        }

        public void Publish(string group, byte[] envelope)
        {
        }

        public async Task SubscribeAsync(string group)
        {
            if (group != Group)
                return;
            Steps.Add("subscribing");
            await Task.Yield();
            Steps.Add("subscribed");
        }

        public Task UnsubscribeAsync(string group) => Task.CompletedTask;
    }
}
