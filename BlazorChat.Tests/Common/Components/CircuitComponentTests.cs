using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Common.Components;
using BlazorChat.Common.Localization;

namespace BlazorChat.Tests.Common.Components;

public sealed class CircuitComponentTests : ComponentTest
{
    [Fact]
    public async Task A_command_runs_for_the_signed_in_user()
    {
        var bell = Render<Bell>().Instance;
        var userId = 0;

        Assert.True(await bell.RunAsync(user =>
        {
            userId = user.UserId;
            return Task.CompletedTask;
        }));
        Assert.Equal(Ada.UserId, userId);
        Assert.Null(bell.Error);
    }

    [Fact]
    public async Task A_refused_command_leaves_its_reason()
    {
        var bell = Render<Bell>().Instance;

        Assert.False(await bell.RunAsync(_ => throw new RefusedException(RefusalCode.Conflict, CommonTexts.Get("CommandFailed"))));
        Assert.Equal(CommonTexts.Get("CommandFailed").ToString(), bell.Error);
    }

    [Fact]
    public async Task Disposing_cancels_commands_and_disposes_the_connection_and_later_updates_do_nothing()
    {
        var bell = Render<Bell>().Instance;
        await using var connection = new Wire();
        bell.Connect(connection);
        var running = bell.RunAsync(_ => Task.Delay(Timeout.InfiniteTimeSpan, bell.Token));

        await bell.DisposeAsync();

        Assert.False(await running.WaitAsync(TestWait.Limit));
        Assert.True(connection.IsDisposed);
        await bell.ChangeAsync(_ => throw new InvalidOperationException("The component is disposed."));
        Assert.Null(bell.Error);
    }

    private sealed class Bell : CircuitComponent
    {
        public CancellationToken Token => Closed;

        public string? Error => Commands.ErrorAt(this);

        public void Connect(IAsyncDisposable connection) => Connection = connection;

        public Task<bool> RunAsync(Func<ClaimsPrincipal, Task> command) => TryAsync(this, command);

        public Task ChangeAsync(Func<ClaimsPrincipal, Task> command) => UpdateAsync(this, command);
    }

    private sealed class Wire : IAsyncDisposable
    {
        public bool IsDisposed { get; private set; }

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }
}
