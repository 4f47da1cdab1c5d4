using BlazorChat.Attachments.Thumbnails;

namespace BlazorChat.Tests.Attachments.Thumbnails;

public sealed class DecodingMemoryTests
{
    private readonly DecodingMemory _memory = new(100);

    [Fact]
    public async Task G2_Who_finds_no_room_waits_until_it_is_free()
    {
        var first = await _memory.EnterAsync(70, default);
        var second = _memory.EnterAsync(40, default);
        Assert.False(second.IsCompleted);

        first.Dispose();
        first.Dispose();

        using var entered = await second;
        Assert.False(_memory.EnterAsync(70, default).IsCompleted);
    }

    [Fact]
    public async Task G2_What_needs_more_than_there_is_goes_alone_and_in_its_turn()
    {
        var small = await _memory.EnterAsync(1, default);
        var large = _memory.EnterAsync(1_000, default);
        var later = _memory.EnterAsync(1, default);
        Assert.Equal((false, false), (large.IsCompleted, later.IsCompleted));

        small.Dispose();
        (await large).Dispose();

        (await later).Dispose();
    }

    [Fact]
    public async Task G2_However_small_they_are_only_some_go_at_once()
    {
        for (var i = 0; i < DecodingMemory.MaxAtOnce; i++)
            await _memory.EnterAsync(1, default);

        Assert.False(_memory.EnterAsync(1, default).IsCompleted);
    }

    [Fact]
    public async Task G2_Who_gives_up_waiting_holds_up_nobody()
    {
        using var first = await _memory.EnterAsync(60, default);
        using var stop = new CancellationTokenSource();
        var large = _memory.EnterAsync(100, stop.Token);
        var small = _memory.EnterAsync(30, default);
        Assert.False(small.IsCompleted);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
        (await small).Dispose();
    }
}
