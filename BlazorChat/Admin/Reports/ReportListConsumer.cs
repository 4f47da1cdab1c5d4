using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Pages;

namespace BlazorChat.Admin.Reports;

/// <summary>Notifies a page of an admin that the queue of reported messages has changed.</summary>
/// <param name="changed">The page reads the queue again.</param>
internal sealed class ReportListConsumer(Func<Task> changed) : ListConsumer(changed), IHandle<ReportsChanged>
{
    protected override IEnumerable<string> Groups => [RoomGroups.Reports, RoomGroups.User(Scope.User.UserId)];

    public ValueTask HandleAsync(ReportsChanged message, CancellationToken cancellationToken) => ChangeAsync();
}
