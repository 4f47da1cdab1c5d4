using System.Security.Claims;
using BlazorChat.Common;

namespace BlazorChat.Tests.Liveblogs;

/// <summary>The base of tests of the services of liveblogs, over a database with an admin, Ada.</summary>
public abstract class LiveblogTest : IAsyncLifetime
{
    private protected static readonly ClaimsPrincipal Anonymous = new(new ClaimsIdentity());

    private protected TestDatabase Site { get; private set; } = default!;

    private protected ClaimsPrincipal Admin { get; private set; } = default!;

    public virtual async ValueTask InitializeAsync()
    {
        Site = await TestDatabase.CreateAsync();
        Admin = await Site.AddPersonAsync("Ada", isAdmin: true);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Site.DisposeAsync();
    }

    /// <summary>Asserts that a command is refused.</summary>
    private protected static async Task<RefusedException> RefusedAsync(RefusalCode code, Func<Task> command)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(command);
        Assert.Equal(code, refused.Code);
        return refused;
    }
}
