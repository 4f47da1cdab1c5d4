using System.Net.WebSockets;
using System.Text;
using BlazorChat.Channels.WebSockets;

namespace BlazorChat.Tests.Channels.WebSockets;

public sealed class TextBlockTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    public async Task A_message_of_any_length_is_read_as_it_was(int length)
    {
        var text = new string('x', length);

        Assert.Equal([text], await ReadAsync(TextBlock.Encode([Encoding.UTF8.GetBytes(text)])));
    }

    [Fact]
    public async Task Messages_are_read_one_after_the_other()
    {
        string[] texts = [.. Enumerable.Range(0, 50).Select(i => $"안녕 {i} {new string('x', i * 10)}")];

        var block = TextBlock.Encode(Utf8(texts));

        Assert.Equal(50, block.Count);
        Assert.Equal(texts, await ReadAsync(block));
    }

    [Fact]
    public void A_block_is_bounded_in_messages_and_in_bytes()
    {
        Assert.Equal(256, TextBlock.Encode(Utf8(Enumerable.Repeat("x", 300))).Count);
        Assert.Equal(6, TextBlock.Encode(Utf8(Enumerable.Repeat(new string('x', 10_000), 300))).Count);
        Assert.Equal(1, TextBlock.Encode(Utf8(Enumerable.Repeat(new string('x', 100_000), 300))).Count);
        Assert.Throws<ArgumentException>(() => TextBlock.Encode([]));
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Utf8(IEnumerable<string> texts) =>
        texts.Select(text => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(text)));

    /// <summary>As a client reads it.</summary>
    private static async Task<List<string>> ReadAsync(TextBlock block)
    {
        using var connection = new MemoryStream();
        await connection.WriteAsync(block.Frame.Bytes);
        connection.Position = 0;
        using var client = WebSocket.CreateFromStream(connection, new WebSocketCreationOptions { IsServer = false });
        var texts = new List<string>();
        var buffer = new byte[128 * 1024];
        while (texts.Count < block.Count)
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await client.ReceiveAsync(buffer.AsMemory(length), TestContext.Current.CancellationToken);
                length += part.Count;
            }
            while (!part.EndOfMessage);
            texts.Add(Encoding.UTF8.GetString(buffer, 0, length));
        }

        return texts;
    }
}
