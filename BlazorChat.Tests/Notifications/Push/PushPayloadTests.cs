using System.Text;
using BlazorChat.Notifications.Outbox;
using BlazorChat.Notifications.Push;

namespace BlazorChat.Tests.Notifications.Push;

public sealed class PushPayloadTests
{
    [Fact]
    public void A_message_is_compact_JSON_with_its_tag_as_the_topic()
    {
        var message = new PushPayload
        {
            Kind = PushKind.Message,
            Tag = "room-12-345",
            Title = "Ada in General",
            Body = "“안녕” <b>",
            Url = "/rooms/12#m-345",
            Badge = 3,
            Revision = 7,
            At = new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero),
        }.ToMessage(TimeSpan.FromDays(1), isUrgent: true);

        Assert.Equal(
            """
            {"v":1,"kind":"message","tag":"room-12-345","title":"Ada in General","body":"“안녕” <b>","url":"/rooms/12#m-345","badge":3,"revision":7,"at":"2026-11-20T12:00:00+00:00"}
            """,
            Encoding.UTF8.GetString(message.Payload.Span));
        Assert.Equal(("room-12-345", TimeSpan.FromDays(1), true), (message.Topic, message.TimeToLive, message.IsUrgent));
    }

    [Fact]
    public void The_longest_withdrawal_fits()
    {
        // A node sends so many to a device at once, each with a tag of the longest kind.
        string[] tags = [.. Enumerable.Repeat(new string('a', 32), PushThrottle.MaxPerHost)];

        var message = new PushPayload { Kind = PushKind.Clear, Tag = tags[0], Tags = tags, Badge = long.MaxValue }.ToMessage(TimeSpan.FromDays(1), isUrgent: false);

        Assert.InRange(message.Payload.Length, 32 * tags.Length, PushMessage.MaxPayload);
    }

    [Fact]
    public void What_is_not_set_is_not_sent() => Assert.Equal(
        """{"v":1,"kind":"clear","tag":"room-12-345","badge":0}""",
        Encoding.UTF8.GetString(
            new PushPayload { Kind = PushKind.Clear, Tag = "room-12-345", Badge = 0 }.ToMessage(TimeSpan.FromDays(1), false).Payload.Span));

    [Theory]
    [InlineData("a")]
    [InlineData("한")]
    [InlineData("😀")]
    [InlineData("\"")]
    [InlineData("\u0001")]
    [InlineData("\ud800")]
    public void The_longest_payload_fits_whatever_its_letters_are(string letter)
    {
        var text = string.Concat(Enumerable.Repeat(letter, 5000));

        var message = new PushPayload
        {
            Kind = PushKind.Message,
            Tag = new string('a', 32),
            Title = text,
            Body = text,
            Url = "/rooms/2147483647#m-9223372036854775807",
            Badge = long.MaxValue,
            Revision = long.MaxValue,
            At = DateTimeOffset.MaxValue,
        }.ToMessage(TimeSpan.FromDays(1), isUrgent: true);

        Assert.InRange(message.Payload.Length, PushPayload.MaxTitle, PushMessage.MaxPayload);
    }
}
