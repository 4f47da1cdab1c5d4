using BlazorChat.Data.Entities.Liveblogs;
using BlazorChat.Liveblogs;
using BlazorChat.Liveblogs.Streaming;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorChat.Tests.Liveblogs.Streaming;

public sealed class LiveblogFramesTests
{
    private readonly LiveblogFrames _frames = new(new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider().GetRequiredService<IServiceScopeFactory>(), NullLoggerFactory.Instance);

    [Fact]
    public async Task A_change_is_encoded_once_for_all_readers()
    {
        var readers = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => Task.Run(() => _frames.Encode(Change(7, 1)).Message)));

        Assert.Single(readers.Distinct());
        Assert.True(_frames.Encode(Change(7, 1)).Frame.Equals(_frames.Encode(Change(7, 1)).Frame));
    }

    [Fact]
    public void Changes_that_share_a_slot_are_not_confused()
    {
        for (var revision = 1; revision <= 2_000; revision++)
        {
            for (var liveblog = 1; liveblog <= 3; liveblog++)
            {
                var frame = System.Text.Encoding.UTF8.GetString(_frames.Encode(Change(liveblog, revision)).Frame.Span);
                Assert.Equal($$"""{"type":"liveblog.post.created","liveblog":"number-{{liveblog}}","post_id":{{revision}},"revision":{{revision}}}""", frame);
            }
        }
    }

    [Fact]
    public async Task F8_A_failed_rendering_is_not_cached()
    {
        var scopes = new FailingOnce(new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider().GetRequiredService<IServiceScopeFactory>());
        var frames = new LiveblogFrames(scopes, NullLoggerFactory.Instance);

        await Assert.ThrowsAsync<InvalidOperationException>(() => frames.Encode(Change(7, 1)).Message);

        Assert.Contains("text", System.Text.Encoding.UTF8.GetString((await frames.Encode(Change(7, 1)).Message).Bytes.Span), StringComparison.Ordinal);
    }

    private sealed class FailingOnce(IServiceScopeFactory inner) : IServiceScopeFactory
    {
        private bool _hasFailed;

        public IServiceScope CreateScope()
        {
            if (_hasFailed)
                return inner.CreateScope();
            _hasFailed = true;
            throw new InvalidOperationException("By the test.");
        }
    }

    private static LiveblogChanged Change(int liveblogId, int revision) => new(
        new LiveblogView(liveblogId, $"number-{liveblogId}", "Title", "", LiveblogState.Live, revision, 0, DateTime.UnixEpoch, DateTime.UnixEpoch, null),
        revision,
        new LiveblogPostView(revision, revision, revision, 1, "Ada", "", "text", "<p>text</p>", false, false, DateTime.UnixEpoch, null, false));
}
