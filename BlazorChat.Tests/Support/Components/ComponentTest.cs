using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Preferences;
using BlazorChat.Accounts.Presence;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Statuses;
using BlazorChat.Attachments;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Common.Components;
using BlazorChat.Common.Localization;
using BlazorChat.Rooms.Bots;
using BlazorChat.Rooms.Commands;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Mentions;
using BlazorChat.Rooms.Messages;
using BlazorChat.Rooms.Messages.Versions;
using BlazorChat.Rooms.Pages.Later;
using BlazorChat.Rooms.Pages.Rows;
using BlazorChat.Rooms.Pins;
using BlazorChat.Rooms.Polls;
using BlazorChat.Rooms.Previews;
using BlazorChat.Rooms.Quotes;
using BlazorChat.Rooms.Reactions;
using BlazorChat.Rooms.Reminders;
using BlazorChat.Rooms.Reports;
using BlazorChat.Rooms.Saved;
using BlazorChat.Rooms.Scheduled;
using BlazorChat.Rooms.Search;
using BlazorChat.Rooms.Threads;
using Bunit;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using MudBlazor.Services;

namespace BlazorChat.Tests.Support.Components;

/// <summary>
/// The base of component tests, on bUnit. It renders components as a circuit of a real site does, with a real database, a real channel layer and a
/// signed-in user. There is no browser: calls of scripts return default values.
/// </summary>
/// <example>
/// <code>
/// public sealed class BellTests : ComponentTest
/// {
///     [Fact]
///     public void The_bell_names_its_user() => Assert.Contains("Ada", Render&lt;Bell&gt;().Markup, StringComparison.Ordinal);
/// }
/// </code>
/// </example>
public abstract class ComponentTest : BunitContext, IAsyncLifetime
{
    private Task<AuthenticationState> _authentication = default!;

    /// <summary>The services and the database behind the components.</summary>
    protected TestDatabase Site { get; private set; } = default!;

    /// <summary>The signed-in user.</summary>
    protected ClaimsPrincipal Ada { get; private set; } = default!;

    public async ValueTask InitializeAsync()
    {
        DefaultWaitTimeout = TestWait.Limit;
        Site = await CreateSiteAsync();
        Ada = await Site.AddPersonAsync("Ada");
        _authentication = Task.FromResult(new AuthenticationState(Ada));
        JSInterop.Mode = JSRuntimeMode.Loose;
        // The script runtime of bUnit sets no values.
        ComponentFactories.AddStub<DocumentTitle>();
        Services.AddMudServices();
        Services.AddLogging();
        Services.AddLocalization();
        Services.AddOptions<AttachmentOptions>();
        Services.AddAuthorizationCore();
        // These replace the fakes of bUnit: the real policies decide.
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
        Services.AddSingleton(Site.Services.GetRequiredService<ThreadDirectory>());
        Services.AddSingleton(Site.Services.GetRequiredService<EditHistory>());
        Services.AddSingleton(Site.Services.GetRequiredService<ThreadFollows>());
        Services.AddSingleton(Site.Services.GetRequiredService<ThreadCounts>());
        Services.AddSingleton(Site.Services.GetRequiredService<UnreadReplies>());
        Services.AddSingleton(Site.Services.GetRequiredService<RoomOwners>());
        Services.AddSingleton(Site.DirectRooms);
        Services.AddSingleton(Site.Services.GetRequiredService<RoomPreferences>());
        Services.AddSingleton(Site.Services.GetRequiredService<UnreadRooms>());
        Services.AddSingleton(Site.Services.GetRequiredService<BlazorChat.Common.Sites.CurrentSite>());
        Services.AddSingleton(Site.Presence);
        Services.AddScoped<CircuitPresence>();
        Services.AddSingleton(Site.Services.GetRequiredService<Profiles>());
        Services.AddSingleton(Site.Services.GetRequiredService<PeopleStatus>());
        Services.AddSingleton(Site.Services.GetRequiredService<NotificationPreferences>());
        Services.AddSingleton(Site.Rooms);
        Services.AddSingleton(Site.RoomSettings);
        Services.AddSingleton(Site.RoomLifecycle);
        Services.AddSingleton(Site.Services.GetRequiredService<RoomSearch>());
        Services.AddSingleton(Site.Services.GetRequiredService<SearchSuggestions>());
        Services.AddSingleton(Site.Mentions);
        Services.AddSingleton(Site.MentionCounts);
        Services.AddSingleton(Site.Services.GetRequiredService<HereMentions>());
        Services.AddSingleton(Site.Services.GetRequiredService<MessageReactions>());
        Services.AddSingleton(Site.Services.GetRequiredService<RowChoices>());
        Services.AddSingleton(Site.Services.GetRequiredService<QuotedMessages>());
        Services.AddSingleton(Site.Services.GetRequiredService<QuoteLinks>());
        Services.AddSingleton(Site.Services.GetRequiredService<MessagePins>());
        Services.AddSingleton(Site.Services.GetRequiredService<RoomPolls>());
        Services.AddSingleton(Site.Services.GetRequiredService<SavedMessages>());
        Services.AddSingleton(Site.Services.GetRequiredService<MessageReports>());
        Services.AddSingleton(Site.Services.GetRequiredService<ScheduledMessages>());
        Services.AddSingleton(Site.Services.GetRequiredService<ScheduledCounts>());
        Services.AddScoped<SendLater>();
        Services.AddSingleton(Site.Services.GetRequiredService<MessagePreviews>());
        Services.AddSingleton(Site.Services.GetRequiredService<MessageReminders>());
        Services.AddSingleton(Site.Services.GetRequiredService<ReminderCounts>());
        Services.AddScoped<RemindLater>();
        Services.AddSingleton(Site.Services.GetRequiredService<Completion>());
        Services.AddSingleton(Site.Services.GetRequiredService<SlashCommands>());
        Services.AddSingleton(Site.Services.GetRequiredService<BotCommands>());
        Services.AddSingleton(Site.Conversation);
        Services.AddSingleton(Site.Liveblogs);
        Services.AddSingleton(Site.Lifecycle);
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

    /// <summary>Adds services of the test, or replaces those of <see cref="Site"/>. Called before the first render.</summary>
    protected virtual void AddServices()
    {
    }

    /// <summary>Gives <see cref="Ada"/> the right of an admin in the database.</summary>
    protected async Task MakeAdminAsync()
    {
        await using var db = await Site.OpenAsync();
        var role = new IdentityRole<int>(SignedInUser.AdminRole);
        db.Add(role);
        await db.SaveChangesAsync();
        db.Add(new IdentityUserRole<int> { UserId = Ada.UserId, RoleId = role.Id });
        await db.SaveChangesAsync();
    }

    protected virtual Task<TestDatabase> CreateSiteAsync() => TestDatabase.CreateAsync();

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
