using System.ComponentModel.DataAnnotations;
using BlazorChat.Channels;
using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Workers;
using BlazorChat.Channels.Workers.Queue;

namespace BlazorChat.Tests.Channels.Workers;

public sealed class WorkerOptionsTests
{
    [Theory]
    [InlineData(1, 0.5, 1)]
    [InlineData(1, 0, 0.5)]
    [InlineData(1, 1, 1.5)]
    [InlineData(2, 0.5, 2)]
    [InlineData(4, 0.5, 8)]
    [InlineData(5, 1, 24)]
    [InlineData(6, 0.5, 30)]
    [InlineData(100, 1, 30)]
    public void Clause_9_retry_delays_double_with_jitter_up_to_the_lease(int tries, double chance, double seconds) =>
        Assert.Equal(seconds, new WorkerOptions().BackoffAfter(tries, chance).TotalSeconds);

    [Fact]
    public void A_backoff_longer_than_the_lease_is_refused_at_start()
    {
        var options = new WorkerOptions { Lease = TimeSpan.FromSeconds(1), Backoff = TimeSpan.FromSeconds(2) };

        Assert.Throws<ValidationException>(() => Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true));
    }

    [Fact]
    public void A_worker_has_a_name_like_a_group_and_a_bounded_concurrency()
    {
        var services = new ServiceCollection();

        Assert.Throws<GroupNameException>(() => services.AddWorker<Work.ChoreConsumer>("with space"));
        Assert.Throws<ArgumentOutOfRangeException>(() => services.AddWorker<Work.ChoreConsumer>("chores", 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => services.AddWorker<Work.ChoreConsumer>("chores", 65));
        Assert.Empty(services);
    }

    [Fact]
    public async Task Two_workers_of_one_name_or_a_job_that_is_no_event_are_found_at_start()
    {
        var twice = await Assert.ThrowsAsync<InvalidOperationException>(() => TestNode.StartAsync(configure: services => services
            .AddEvents(ChoreJson.Default).AddWorker<Work.ChoreConsumer>("chores").AddWorker<Work.ChoreConsumer>("chores")));
        var noEvent = await Assert.ThrowsAsync<InvalidOperationException>(() => TestNode.StartAsync(configure: services => services
            .AddWorker<Work.ChoreConsumer>("chores")));

        Assert.Contains("'chores'", twice.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Chore), noEvent.Message, StringComparison.Ordinal);
    }
}
