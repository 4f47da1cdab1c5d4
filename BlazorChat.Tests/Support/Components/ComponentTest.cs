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
/// Renders components as a circuit of a real place does: a real database, a real channel layer, and somebody signed in. Only
/// the browser is not there; its scripts answer with nothing.
/// </summary>
public abstract class ComponentTest : BunitContext, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private Task<AuthenticationState> _authentication = default!;

    protected TestDatabase Place { get; private set; } = default!;

    /// <summary>Who looks at the components.</summary>
    protected ClaimsPrincipal Ada { get; private set; } = default!;

    public async ValueTask InitializeAsync()
    {
        DefaultWaitTimeout = Patience;
        Place = await TestDatabase.CreateAsync();
        Ada = await Place.AddPersonAsync("Ada");
        _authentication = Task.FromResult(new AuthenticationState(Ada));
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddLogging();
        Services.AddOptions<AttachmentOptions>();
        Services.AddAuthorizationCore();
        // bUnit has stand-ins for these two; the real ones decide here.
        Services.AddSingleton<IAuthorizationService, DefaultAuthorizationService>();
        Services.AddSingleton<IAuthorizationPolicyProvider, DefaultAuthorizationPolicyProvider>();
        Services.AddSingleton(Place.Services.GetRequiredService<AdminRights>());
        Services.AddAdminPolicy();
        Services.AddScoped<ReaderTimeZone>();
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton<RenderedRows>();
        Services.AddSingleton(Place.Services.GetRequiredService<CommandLimit>());
        Services.AddSingleton(Place.Services.GetRequiredService<RoomMembers>());
        Services.AddSingleton(Place.Services.GetRequiredService<Authors>());
        Services.AddSingleton(Place.Services.GetRequiredService<RoomOwners>());
        Services.AddSingleton(Place.Rooms);
        Services.AddSingleton(Place.Conversation);
        Services.AddSingleton(Place.Liveblogs);
        Services.AddSingleton(Place.Editing);
        Services.AddSingleton(Place.Drafts);
        Services.AddSingleton(Place.Layer);
        Services.AddSingleton<AuthenticationStateProvider>(new SignedIn(_authentication));
        Services.AddScoped(services => new CircuitConsumers(
            services.GetRequiredService<AuthenticationStateProvider>(),
            services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>(),
            services,
            Place.Services.GetRequiredService<ChannelLayer>()));
        AddServices();
        SetRendererInfo(new Microsoft.AspNetCore.Components.RendererInfo("Server", isInteractive: true));
        RenderTree.Add<Microsoft.AspNetCore.Components.CascadingValue<Task<AuthenticationState>>>(
            parameters => parameters.Add(value => value.Value, _authentication));
    }

    /// <summary>Puts services of the test's own in the place of those of <see cref="Place"/>.</summary>
    protected virtual void AddServices()
    {
    }

    protected override async ValueTask DisposeAsyncCore()
    {
        await base.DisposeAsyncCore();
        await Place.DisposeAsync();
    }

    private sealed class SignedIn(Task<AuthenticationState> state) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => state;
    }
}
