using BlazorChat.Accounts.Limits;
using BlazorChat.Attachments.Rights;
using BlazorChat.Channels;
using BlazorChat.Channels.Consumers;
using BlazorChat.Common.Components;
using BlazorChat.Feeds;
using BlazorChat.Rooms.Api;
using BlazorChat.Rooms.Api.Bots;
using BlazorChat.Rooms.Api.Http;
using BlazorChat.Rooms.Api.Hub;
using BlazorChat.Rooms.Api.Scheduling;
using BlazorChat.Rooms.Api.Socket;
using BlazorChat.Rooms.Bots;
using BlazorChat.Rooms.Commands;
using BlazorChat.Rooms.Direct;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Mentions;
using BlazorChat.Rooms.Messages;
using BlazorChat.Rooms.Messages.Versions;
using BlazorChat.Rooms.Messages.Writing;
using BlazorChat.Rooms.Outbox;
using BlazorChat.Rooms.Pages;
using BlazorChat.Rooms.Pages.Drafts;
using BlazorChat.Rooms.Pages.FollowedThreads;
using BlazorChat.Rooms.Pages.Later;
using BlazorChat.Rooms.Pages.Mentions;
using BlazorChat.Rooms.Pages.Pins;
using BlazorChat.Rooms.Pages.Rows;
using BlazorChat.Rooms.Pages.Saved;
using BlazorChat.Rooms.Pages.Search;
using BlazorChat.Rooms.Pages.Threads;
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
using BlazorChat.Rooms.Search.Indexing;
using BlazorChat.Rooms.Threads;
using Microsoft.Extensions.Caching.Hybrid;

namespace BlazorChat.Rooms;

public static class RoomServices
{
    /// <summary>Bytes.</summary>
    private const int MaxMessageState = 64 * 1024;

    /// <summary>Bytes, for the list of the drawer and for that of the page.</summary>
    private const int MaxListState = 24 * 1024;

    /// <summary>Bytes.</summary>
    private const int MaxRoomState = 4 * 1024;

    /// <summary>Bytes, for the pages of unread messages, of followed threads and of mentions.</summary>
    private const int MaxUnreadState = 4 * 1024;

    /// <summary>Bytes, for what is beside a room: a thread or results of a search.</summary>
    private const int MaxPaneState = 24 * 1024;

    /// <summary>Bytes, for the cards of links.</summary>
    private const int MaxQuoteState = 6 * 1024;

    /// <summary>Bytes of a person.</summary>
    private const int MaxPersonState = 1024;

    public static WebApplicationBuilder AddRooms(this WebApplicationBuilder builder)
    {
        builder.Services.AddRooms();
        builder.AddChatHub();
        return builder;
    }

    public static WebApplication MapRooms(this WebApplication app)
    {
        app.MapConsumer<ChatConsumer>("/ws/chat/{roomId:int}/chat/").RequireAuthorization();
        app.MapChatHub();
        app.MapMessageApi();
        app.MapScheduledApi();
        app.MapPreviews();
        app.MapBotApi();
        return app;
    }

    internal static IServiceCollection AddRooms(this IServiceCollection services)
    {
        services.AddOptions<RoomOptions>().BindConfiguration("Rooms").ValidateDataAnnotations().ValidateOnStart();
        services.AddCommandLimit();
        services.AddEvents(RoomEventsJson.Default);
        services.AddFeed<MessageChanged, RoomFeed>();
        services.AddHybridCache(cache => cache.DefaultEntryOptions = new HybridCacheEntryOptions { LocalCacheExpiration = TimeSpan.FromMinutes(1) });
        services.AddSingleton<PushOutbox>();
        services.AddPreviews();
        services.AddSingleton<DirectRooms>();
        services.AddSingleton<RoomDirectory>();
        services.AddSingleton<RoomSettings>();
        services.AddSingleton<RoomLifecycle>();
        services.AddSingleton<RoomMembers>();
        services.AddSingleton<RoomOwners>();
        services.AddSingleton<Profiles>();
        services.AddSingleton<RoomPresence>();
        services.AddSingleton<PresenceFollows>();
        services.AddHostedService(provider => provider.GetRequiredService<PresenceFollows>());
        services.AddSingleton<RoomPreferences>();
        services.AddSingleton<SlashCommands>();
        services.AddSingleton<BotCommands>();
        services.AddSingleton<BotApi>();
        services.AddSingleton<MentionDirectory>();
        services.AddSingleton<Completion>();
        services.AddSingleton<RoomSearch>();
        services.AddSingleton<SearchSuggestions>();
        services.AddSingleton<Conversation>();
        services.AddSingleton<MessageDates>();
        services.AddSingleton<EditHistory>();
        services.AddSingleton<UnreadRooms>();
        services.AddSingleton<ThreadDirectory>();
        services.AddSingleton<ThreadFollows>();
        services.AddSingleton<MessageReactions>();
        services.AddSingleton<MessagePins>();
        services.AddSingleton<RoomPolls>();
        services.AddSingleton<SavedMessages>();
        services.AddSingleton<MessageReports>();
        services.AddSingleton<ScheduledSender>();
        services.AddSingleton<ScheduledMessages>();
        services.AddScoped<SendLater>();
        services.AddSingleton<MessageReminders>();
        services.AddScoped<RemindLater>();
        services.AddSingleton<QuoteLinks>();
        services.AddSingleton<RenderedRows>();
        services.AddSingleton<RowChoices>();
        services.AddSingleton<ChatLists>();
        services.AddSingleton<ChatCommands>();
        services.AddSingleton<MessageApi>();
        services.AddSingleton<DirectApi>();
        services.AddSingleton<ThreadApi>();
        services.AddSingleton<ReactionApi>();
        services.AddSingleton<PinApi>();
        services.AddSingleton<PollApi>();
        services.AddSingleton<ScheduledApi>();
        services.AddSingleton<ReminderApi>();
        services.AddSingleton<PresenceApi>();
        services.AddSingleton<RoomsApi>();
        services.AddSingleton<MessagesApi>();
        services.AddSingleton<SearchApi>();
        services.AddSingleton<VersionsApi>();
        services.AddSingleton<IAttachmentOwner, RoomAttachments>();
        services.AddPageState<RoomOpening>(MaxMessageState);
        services.AddPageState<ThreadPaneStart>(MaxPaneState);
        services.AddPageState<IReadOnlyList<QuoteView>>(MaxQuoteState);
        services.AddPageState<IReadOnlyList<RoomView>>(MaxListState);
        services.AddPageState<RoomView>(MaxRoomState);
        services.AddPageState<MemberView>(MaxPersonState);
        services.AddPageState<UnreadRoomPage>(MaxUnreadState);
        services.AddPageState<IReadOnlyList<MentionLine>>(MaxUnreadState);
        services.AddPageState<IReadOnlyList<ThreadLine>>(MaxUnreadState);
        services.AddPageState<SearchLines>(MaxPaneState);
        services.AddPageState<IReadOnlyList<PinLine>>(MaxPaneState);
        services.AddPageState<IReadOnlyList<SavedLine>>(MaxUnreadState);
        services.AddPageState<IReadOnlyList<ScheduledLine>>(MaxUnreadState);
        services.AddPageState<IReadOnlyList<ReminderLine>>(MaxUnreadState);
        AddHosted<RoomAccess>();
        AddHosted<RoomRemoval>();
        AddHosted<RoomSearchFollower>();
        AddHosted<EmptyDirectRooms>();
        AddHosted<BotCallSweep>();
        // Services stop in reverse order: the activity stops after the writer and publishes its last messages.
        AddHosted<RoomActivity>();
        AddHosted<ThreadActivity>();
        AddHosted<ReadMarks>();
        AddHosted<JoinedRooms>();
        AddHosted<VisibleRooms>();
        AddHosted<MentionCounts>();
        AddHosted<ThreadCounts>();
        AddHosted<ScheduledCounts>();
        AddHosted<ReminderCounts>();
        AddHosted<ReminderSchedule>();
        AddHosted<UnreadReplies>();
        AddHosted<MemberChecks>();
        AddHosted<HereMentions>();
        AddHosted<OwnReactions>();
        AddHosted<OwnVotes>();
        AddHosted<QuotedMessages>();
        AddHosted<Authors>();
        AddHosted<MessageWriter>();
        AddHosted<PollEnds>();
        // It stops before the writer that it uses.
        services.AddHostedService<MessageSchedule>();
        return services;

        void AddHosted<T>()
            where T : class, IHostedService =>
            services.AddSingleton<T>().AddHostedService(provider => provider.GetRequiredService<T>());
    }
}
