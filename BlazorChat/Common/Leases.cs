namespace BlazorChat.Common;

internal static class Leases
{
    /// <summary>
    /// The end of a lease that begins now. It identifies the lease, so a random part distinguishes it from that of a node that leases at the same time.
    /// </summary>
    public static DateTime EndOf(TimeSpan duration, DateTime now) => now + duration - TimeSpan.FromTicks(Random.Shared.NextInt64(TimeSpan.TicksPerSecond));
}
