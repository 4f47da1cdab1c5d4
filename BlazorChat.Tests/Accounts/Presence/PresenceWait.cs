using BlazorChat.Accounts.Presence;

namespace BlazorChat.Tests.Accounts.Presence;

/// <summary>Waits until a node knows something of the presence of people, at most <see cref="TestWait.Limit"/>.</summary>
internal static class PresenceWait
{
    public static async Task UntilAsync(this PresenceDirectory presence, Func<PresenceDirectory, bool> condition)
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        while (!condition(presence))
            await Task.Delay(20, timeout.Token);
    }

    public static Task UntilAsync(this PresenceDirectory presence, int userId, PresenceState state) =>
        presence.UntilAsync(known => known.Find(userId) == state);
}
