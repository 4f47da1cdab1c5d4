using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Common.Components;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Messages;
using BlazorChat.Rooms.Pages.Rows;
using Bunit;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace BlazorChat.Tests.Support.Components;

/// <summary>
/// Renders components as a circuit of a real site does: a real database, a real channel layer, and somebody signed in. Only
/// the browser is not there; its scripts answer with nothing.
/// </summary>
public abstract class ComponentTest : BunitContext, IAsyncLifetime
{
    private Task<AuthenticationState> _authentication = default!;

    protected TestDatabase Site { get; private set; } = default!;

    /// <summary>Who looks at the components.</summary>
    protected ClaimsPrincipal Ada { get; private set; } = default!;

    public async ValueTask InitializeAsync()
    {
        DefaultWaitTimeout = TestWait.Limit;
        Site = await TestDatabase.CreateAsync();
        Ada = await Site.AddPersonAsync("Ada");
        _authentication = Task.FromResult(new AuthenticationState(Ada));
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddLogging();
        Services.AddOptions<AttachmentOptions>();
        Services.AddAuthorizationCore();
        // bUnit has stand-ins for these two; the real ones decide here.
        Services.AddSingleton<IAuthorizationService, DefaultAuthorizationService>();
        Services.AddSingleton<IAuthorizationPolicyProvider, DefaultAuthorizationPolicyProvider>();
        Services.AddSingleton(Site.Services.GetRequiredService<AdminRights>());
        Services.AddAdminPolicy();
        Services.AddScoped<ReaderTimeZone>();
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton<RenderedRows>();
        Services.AddSingleton(Site.Services.GetRequiredService<CommandLimit>());
        Services.AddSingleton(Site.Services.GetRequiredService<RoomMembers>());
        Services.AddSingleton(Site.Services.GetRequiredService<Authors>());
        Services.AddSingleton(Site.Services.GetRequiredService<RoomOwners>());
        Services.AddSingleton(Site.Rooms);
        Services.AddSingleton(Site.Conversation);
        Services.AddSingleton(Site.Liveblogs);
        Services.AddSingleton(Site.Editing);
        Services.AddSingleton(Site.Drafts);
        Services.AddSingleton(Site.Layer);
        Services.AddSingleton<AuthenticationStateProvider>(new SignedIn(_authentication));
        Services.AddScoped(services => new CircuitConnector(
            services.GetRequiredService<AuthenticationStateProvider>(),
            services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>(),
            services,
            Site.Services.GetRequiredService<ChannelLayer>()));
        AddServices();
        SetRendererInfo(new Microsoft.AspNetCore.Components.RendererInfo("Server", isInteractive: true));
        RenderTree.Add<Microsoft.AspNetCore.Components.CascadingValue<Task<AuthenticationState>>>(
            parameters => parameters.Add(value => value.Value, _authentication));
    }

    /// <summary>Puts services of the test's own instead of those of <see cref="Site"/>.</summary>
    protected virtual void AddServices()
    {
    }

    protected override async ValueTask DisposeAsyncCore()
    {
        await base.DisposeAsyncCore();
        await Site.DisposeAsync();
    }

    private sealed class SignedIn(Task<AuthenticationState> state) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => state;
    }
}
