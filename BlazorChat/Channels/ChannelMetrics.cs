using System.Diagnostics.Metrics;

namespace BlazorChat.Channels;

/// <summary>The meter <c>BlazorChat.Channels</c>: events, mailboxes, the backplane and jobs. Thread-safe.</summary>
internal sealed class ChannelMetrics
{
    public const string MeterName = "BlazorChat.Channels";

    private readonly Counter<long> _published;
    private readonly Counter<long> _delivered;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _gaps;
    private readonly Counter<double> _degraded;
    private readonly UpDownCounter<long> _waiting;
    private readonly Counter<long> _jobsDone;
    private readonly Counter<long> _jobsFailed;
    private readonly Counter<long> _jobsDead;
    private readonly Gauge<long> _jobsWaiting;

    public ChannelMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _published = meter.CreateCounter<long>("blazorchat.channels.published", "{event}", "Events published on this node");
        _delivered = meter.CreateCounter<long>("blazorchat.channels.delivered", "{event}", "Events handed to a consumer's handler");
        _dropped = meter.CreateCounter<long>("blazorchat.channels.dropped", "{event}", "Events lost, by reason");
        _gaps = meter.CreateCounter<long>("blazorchat.channels.gaps", "{gap}", "Gaps delivered to consumers");
        _degraded = meter.CreateCounter<double>("blazorchat.channels.degraded", "s", "Time without the backplane");
        _waiting = meter.CreateUpDownCounter<long>("blazorchat.channels.mailbox.waiting", "{event}", "Events waiting in mailboxes");
        _jobsDone = meter.CreateCounter<long>("blazorchat.channels.jobs.done", "{job}", "Jobs done in this process, by worker channel");
        _jobsFailed = meter.CreateCounter<long>("blazorchat.channels.jobs.failed", "{try}", "Tries at jobs that failed, by worker channel");
        _jobsDead = meter.CreateCounter<long>("blazorchat.channels.jobs.dead", "{job}", "Jobs that became dead letters, by worker channel");
        _jobsWaiting = meter.CreateGauge<long>("blazorchat.channels.jobs.waiting", "{job}", "Jobs that wait for any worker, by worker channel");
    }

    public void Published() => _published.Add(1);

    public void Delivered() => _delivered.Add(1);

    public void Dropped(string reason, long count = 1) => _dropped.Add(count, new KeyValuePair<string, object?>("reason", reason));

    public void GapDelivered() => _gaps.Add(1);

    public void Degraded(TimeSpan time) => _degraded.Add(time.TotalSeconds);

    public void Waiting(int change) => _waiting.Add(change);

    /// <summary>Whether anything listens to the number of waiting jobs: counting them needs a request to Redis.</summary>
    public bool CountsWaitingJobs => _jobsWaiting.Enabled;

    public void JobDone(string worker) => _jobsDone.Add(1, Of(worker));

    public void JobFailed(string worker) => _jobsFailed.Add(1, Of(worker));

    public void JobDead(string worker) => _jobsDead.Add(1, Of(worker));

    public void JobsWaiting(string worker, long count) => _jobsWaiting.Record(count, Of(worker));

    private static KeyValuePair<string, object?> Of(string worker) => new("worker", worker);
}
