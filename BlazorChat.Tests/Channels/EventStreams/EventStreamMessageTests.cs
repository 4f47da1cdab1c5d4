using System.Text;
using BlazorChat.Channels.EventStreams;

namespace BlazorChat.Tests.Channels.EventStreams;

public sealed class EventStreamMessageTests
{
    [Theory]
    [InlineData("hello", null, null, "data: hello\n\n")]
    [InlineData("hello", "greeting", "7", "id: 7\nevent: greeting\ndata: hello\n\n")]
    [InlineData("", null, null, "data: \n\n")]
    [InlineData("one\ntwo\r\nthree\rfour\n", null, null, "data: one\ndata: two\ndata: three\ndata: four\ndata: \n\n")]
    [InlineData(" 안녕 👋", null, "한", "id: 한\ndata:  안녕 👋\n\n")]
    [InlineData("x\n\nevent: forged\ndata: y", null, null, "data: x\ndata: \ndata: event: forged\ndata: data: y\n\n")]
    public void A_message_is_encoded_as_the_standard_specifies(string data, string? name, string? id, string encoded) =>
        Assert.Equal(encoded, Encoding.UTF8.GetString(new EventStreamMessage(data, name, id).Bytes.Span));

    [Fact]
    public void A_position_is_an_id_alone() =>
        Assert.Equal("id: 7\n\n", Encoding.UTF8.GetString(EventStreamMessage.Position("7").Bytes.Span));

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\0b")]
    public void A_name_or_id_cannot_forge_a_field(string value)
    {
        Assert.Throws<ArgumentException>(() => new EventStreamMessage("x", name: value));
        Assert.Throws<ArgumentException>(() => new EventStreamMessage("x", id: value));
        Assert.Throws<ArgumentException>(() => EventStreamMessage.Position(value));
    }
}
