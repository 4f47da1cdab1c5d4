using BlazorChat.Common;
using BlazorChat.Common.Localization;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Data;

public sealed class DiskGuardTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(1));
    private readonly Disk _disk = new() { Free = 100 };
    private readonly Lines _log = new();
    private readonly DiskGuard _guard;

    public DiskGuardTests()
    {
        _time.Advance(TimeSpan.FromHours(1));
        _guard = new DiskGuard("/data", _disk, Options.Create(new DataOptions { MinFreeSpace = 100 }), _time, _log) { IsOn = true };
    }

    [Fact]
    public void G19_Below_the_floor_every_write_is_refused_with_one_line_a_minute()
    {
        _guard.Check();
        _disk.Free = 99;
        _time.Advance(TimeSpan.FromSeconds(1));

        for (var second = 0; second < 119; second++)
        {
            var refused = Assert.Throws<RefusedException>(_guard.Check);
            Assert.Equal((RefusalCode.Full, CommonTexts.Get("DiskFull").ToString()), (refused.Code, refused.Message));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(2, _log.Count);
        _disk.Free = 100;
        _time.Advance(TimeSpan.FromSeconds(1));
        _guard.Check();
    }

    [Fact]
    public void G19_A_write_that_failed_for_want_of_room_refuses_those_after_it_for_a_while()
    {
        _guard.Report(new IOException("No space left on device", 28));
        Assert.Throws<RefusedException>(_guard.Check);

        _time.Advance(TimeSpan.FromSeconds(11));
        _guard.Check();
        Assert.Equal(1, _log.Count);

        _guard.Report(new IOException("Broken pipe", 32));
        _guard.Check();
    }

    [Fact]
    public async Task G19_The_full_disk_errors_of_SQLite_are_recognised()
    {
        await using var site = await TestDatabase.CreateAsync();
        Assert.SkipWhen(TestDatabase.IsOnSqlServer, "Its disk is its own.");
        await using var db = await site.OpenAsync();
        await db.Database.OpenConnectionAsync();
        await db.Database.ExecuteSqlRawAsync("PRAGMA max_page_count = 1");
        db.AddRange(Enumerable.Range(0, 2_000).Select(i => new Room { Name = $"Room {i}", NormalizedName = $"{i}{new string('x', 90)}" }));

        var failed = await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());

        Assert.True(DiskFull.Is(failed));
        Assert.False(DiskFull.Is(new DbUpdateException("Something else")));
    }

    private sealed class Disk : IFreeSpace
    {
        public long Free { get; set; }

        public long Of(string folder) => Free;
    }

    private sealed class Lines : ILogger<DiskGuard>
    {
        public int Count { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Count++;
    }
}
