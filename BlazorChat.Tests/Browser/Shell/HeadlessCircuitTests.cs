using System.Net;
using System.Threading.Channels;

namespace BlazorChat.Tests.Browser.Shell;

/// <summary>What is measured without a browser is what a browser is given.</summary>
public sealed class HeadlessCircuitTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task A_circuit_without_a_browser_is_given_byte_for_byte_what_a_browser_shows()
    {
        var (zoe, kim) = (await site.JoinAsync("Zoe"), await site.JoinAsync("Kim"));
        var room = await site.AddRoomAsync(zoe, kim, site.Ada);
        var bot = await site.AddBotAsync("Bell", room);
        var frames = Channel.CreateUnbounded<byte[]>();
        await using var page = await browser.NewPersonAsync(zoe);
        page.Page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) => Store(frames, frame.Binary);
        await page.OpenRoomAsync(room.Id);
        var batches = Channel.CreateUnbounded<byte[]>();
        await using var circuit = await HeadlessCircuit.OpenAsync(kim, $"rooms/{room.Id}", batch => Store(batches, batch));

        using var script = new ScriptClient(zoe.Address, bot.Key);
        var (status, _) = await script.PostAsync(room.Id, new { message = "what both see" });

        Assert.Equal(HttpStatusCode.Created, status);
        await page.SeesAsync("what both see");
        var batch = await batches.Reader.ReadAsync().AsTask().WaitAsync(TestWait.Limit);
        var frame = await frames.Reader.ReadAsync().AsTask().WaitAsync(TestWait.Limit);
        Assert.True(frame.AsSpan().IndexOf(batch) > 0, $"{batch.Length} bytes are not among these {frame.Length}.");
        Assert.True(circuit.IsConnected);
    }

    [Fact]
    public async Task A_page_without_anything_interactive_opens_no_circuit()
    {
        using var anonymous = new FormClient(site.Node.Address);

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => HeadlessCircuit.OpenAsync(anonymous, "account/login", _ => { }));

        Assert.Contains("nothing interactive", exception.Message, StringComparison.Ordinal);
    }

    private static void Store(Channel<byte[]> messages, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IndexOf("what both see"u8) >= 0)
            messages.Writer.TryWrite(bytes.ToArray());
    }
}
