using System.Security.Claims;
using System.Text.RegularExpressions;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Common.Names;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Bots;
using BlazorChat.Rooms.Commands;
using BlazorChat.Rooms.Directory;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Bots;

/// <summary>A command of a bot.</summary>
/// <param name="Name">Without the slash.</param>
/// <param name="Usage">What follows it; empty for nothing.</param>
/// <param name="BotName">The name of the bot.</param>
internal sealed record BotCommandView(string Name, string Usage, string Hint, string BotName);

/// <summary>A command that a bot declares.</summary>
internal sealed record DeclaredCommand(string Name, string Usage, string Hint);

/// <summary>
/// The commands of bots: a bot declares them, members of its rooms write them, and it receives them as calls, which are rows until it acknowledges them. A
/// call is no message.
/// </summary>
internal sealed partial class BotCommands(
    IDbContextFactory<ChatDbContext> databases, SlashCommands builtIn, IChannelLayer layer, CommandLimit limit, TimeProvider time)
{
    /// <summary>The most commands of a bot.</summary>
    public const int MaxCommands = 20;

    /// <summary>The most calls of a bot that wait; further ones are refused.</summary>
    public const int MaxWaiting = 1_000;

    /// <summary>The most calls of one person that wait for a bot.</summary>
    public const int MaxWaitingOfPerson = 20;

    /// <summary>UTF-16 code units of what follows the name in a call.</summary>
    public const int MaxTextLength = 4_000;

    /// <summary>The most calls that one read returns.</summary>
    public const int PageSize = 50;

    /// <summary>How long a call waits for its bot.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>Replaces the commands of a bot. The same list again changes nothing.</summary>
    /// <exception cref="RefusedException">
    /// The caller is no bot; a command is invalid, built in, or there are too many; or another bot has its name (<see cref="RefusalCode.Conflict"/>).
    /// </exception>
    public async Task SetAsync(ClaimsPrincipal bot, IReadOnlyList<DeclaredCommand> commands, CancellationToken cancellationToken)
    {
        limit.Acquire(bot);
        var botId = bot.UserId;
        var declared = commands.Select(Check).ToArray();
        if (declared.Length > MaxCommands)
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("BotCommandsFull", MaxCommands));
        if (declared.DistinctBy(command => command.Name).Count() < declared.Length)
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("BotCommandTwice"));
        var names = declared.Select(command => command.Name).ToArray();
        try
        {
            await databases.InTransactionAsync(
                async (db, token) =>
                {
                    // An update of the bot locks its row, so that two declarations of it do not mix.
                    var known = await db.Users.Where(user => user.Id == botId && user.IsBot).ExecuteUpdateAsync(
                        user => user.SetProperty(u => u.AvatarId, u => u.AvatarId), token);
                    if (known == 0)
                        throw new RefusedException(RefusalCode.Forbidden, RoomTexts.Get("BotsOnly"));
                    var taken = await db.BotCommands.Where(command => names.Contains(command.Name) && command.BotId != botId).Select(command => command.Name).FirstOrDefaultAsync(token);
                    if (taken is not null)
                        throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("BotCommandTaken", taken));
                    await db.BotCommands.Where(command => command.BotId == botId).ExecuteDeleteAsync(token);
                    db.AddRange(declared.Select(command => new BotCommand { Name = command.Name, BotId = botId, Usage = command.Usage, Hint = command.Hint }));
                    return true;
                },
                cancellationToken);
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            // Another bot has declared one of the names at the same time.
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            if (await db.BotCommands.Where(command => names.Contains(command.Name) && command.BotId != botId).Select(command => command.Name).FirstOrDefaultAsync(cancellationToken) is not { } taken)
                throw;
            throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("BotCommandTaken", taken));
        }
    }

    /// <summary>The commands of a bot, by name.</summary>
    public async Task<IReadOnlyList<DeclaredCommand>> ListAsync(ClaimsPrincipal bot, CancellationToken cancellationToken)
    {
        limit.Acquire(bot);
        var botId = bot.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.BotCommands.AsNoTracking()
            .Where(command => command.BotId == botId)
            .OrderBy(command => command.Name)
            .Select(command => new DeclaredCommand(command.Name, command.Usage, command.Hint))
            .ToListAsync(cancellationToken);
    }

    /// <summary>The commands of the bots in a room, by name; none for who is not a member of it.</summary>
    public async Task<IReadOnlyList<BotCommandView>> ListOfRoomAsync(ClaimsPrincipal member, int roomId, CancellationToken cancellationToken)
    {
        limit.Acquire(member);
        var memberId = member.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Callable(db, roomId)
            .Where(_ => db.Memberships.Any(m => m.RoomId == roomId && m.UserId == memberId))
            .OrderBy(command => command.Name)
            .Select(command => new BotCommandView(command.Name, command.Usage, command.Hint, command.Bot!.DisplayName))
            .Take(MaxWaiting)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Sends a command to its bot.</summary>
    /// <param name="name">Without the slash, in any case.</param>
    /// <param name="text">What follows it.</param>
    /// <param name="clientCallId">A repeated command with the same id is the same call.</param>
    /// <returns>The name of the bot.</returns>
    /// <exception cref="RefusedException">
    /// There is no such command in the room; the person is not a member; the room is archived; the text is too long; the bot has too many calls; or too
    /// many commands.
    /// </exception>
    public async Task<string> CallAsync(ClaimsPrincipal person, int roomId, string name, string text, Guid clientCallId, CancellationToken cancellationToken)
    {
        limit.Acquire(person);
        if (text.Length > MaxTextLength)
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("BotCallTooLong", MaxTextLength, text.Length));
        if (!PlainText.IsWellFormed(text))
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("MessageUnreadable"));
        var (personId, known, now) = (person.UserId, name.ToLowerInvariant(), time.GetUtcNow().UtcDateTime);
        var (call, botName) = await databases.InTransactionAsync(
            async (db, token) =>
            {
                var room = await db.Rooms.Where(r => r.Id == roomId)
                    .Select(r => new { r.Kind, r.ArchivedAt, IsMember = db.Memberships.Any(m => m.RoomId == roomId && m.UserId == personId) })
                    .SingleOrDefaultAsync(token);
                if (room is not { IsMember: true })
                    throw RoomDirectory.NotMember(room?.Kind);
                if (room.ArchivedAt is not null)
                    throw RoomDirectory.Archived();
                var command = await Callable(db, roomId).Where(c => c.Name == known).Select(c => new { c.BotId, c.Bot!.DisplayName }).SingleOrDefaultAsync(token)
                    ?? throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("CommandUnknown", name));
                var first = await db.BotCalls.AsNoTracking().SingleOrDefaultAsync(c => c.UserId == personId && c.ClientCallId == clientCallId, token);
                if (first is not null)
                    return (first, command.DisplayName);
                if (await Waiting(db, command.BotId).CountAsync(c => c.UserId == personId, token) >= MaxWaitingOfPerson)
                    throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("BotCallsWaiting", MaxWaitingOfPerson, command.DisplayName));
                if (await Waiting(db, command.BotId).CountAsync(token) >= MaxWaiting)
                    throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("BotBusy", command.DisplayName));
                var added = new BotCall
                {
                    BotId = command.BotId,
                    RoomId = roomId,
                    UserId = personId,
                    ClientCallId = clientCallId,
                    Name = known,
                    Text = text.Trim(),
                    CalledAt = now,
                };
                db.Add(added);
                return (added, command.DisplayName);
            },
            cancellationToken);
        await layer.PublishAsync(RoomGroups.User(call.BotId), new BotCalled(), CancellationToken.None);
        return botName;
    }

    /// <summary>
    /// The calls of a bot that wait, in the order in which they were written, from rooms that it is a member of now. Those of people who are banned or
    /// have left the room do not wait.
    /// </summary>
    /// <param name="after">The id of the last one of the previous read; 0 for the first ones.</param>
    public async Task<IReadOnlyList<BotCallView>> ListCallsAsync(ClaimsPrincipal bot, long after, CancellationToken cancellationToken)
    {
        limit.Acquire(bot);
        var botId = bot.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Waiting(db, botId)
            .Where(call => call.Id > after && db.Memberships.Any(m => m.RoomId == call.RoomId && m.UserId == botId))
            .OrderBy(call => call.Id)
            .Take(PageSize)
            .Select(call => new BotCallView(call.Id, call.RoomId, call.UserId, call.User!.DisplayName, call.User.Handle, call.Name, call.Text, call.CalledAt))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Removes a call that a bot has carried out. It may be repeated.</summary>
    public async Task AcknowledgeAsync(ClaimsPrincipal bot, long id, CancellationToken cancellationToken)
    {
        limit.Acquire(bot);
        var botId = bot.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.BotCalls.Where(call => call.Id == id && call.BotId == botId).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>The commands of the bots that are members of a room.</summary>
    private static IQueryable<BotCommand> Callable(ChatDbContext db, int roomId) => db.BotCommands.AsNoTracking()
        .Where(command => command.Bot!.BannedAt == null && db.Memberships.Any(m => m.RoomId == roomId && m.UserId == command.BotId));

    /// <summary>The calls of a bot that are not too old, of people who are still members of their room. <see cref="BotCallSweep"/> removes the others.</summary>
    private IQueryable<BotCall> Waiting(ChatDbContext db, int botId)
    {
        var since = time.GetUtcNow().UtcDateTime - Lifetime;
        return db.BotCalls.AsNoTracking()
            .Where(call => call.BotId == botId && call.CalledAt > since && call.User!.BannedAt == null
                && db.Memberships.Any(m => m.RoomId == call.RoomId && m.UserId == call.UserId));
    }

    private DeclaredCommand Check(DeclaredCommand command)
    {
        var name = command.Name.ToLowerInvariant();
        if (!Name.IsMatch(name))
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("BotCommandName", BotCommand.MaxNameLength));
        if (builtIn.Has(name))
            throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("BotCommandBuiltIn", name));
        if (!IsLine(command.Usage, BotCommand.MaxUsageLength) || !IsLine(command.Hint, BotCommand.MaxHintLength) || string.IsNullOrWhiteSpace(command.Hint))
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("BotCommandTexts", name, BotCommand.MaxUsageLength, BotCommand.MaxHintLength));
        return new DeclaredCommand(name, NameText.Clean(command.Usage), NameText.Clean(command.Hint));
    }

    private static bool IsLine(string text, int maxLength) => text.Length <= maxLength && PlainText.IsOneLine(text);

    /// <summary>As the composer reads a command.</summary>
    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,29}\z")]
    private static partial Regex Name { get; }
}

/// <summary>A call as its bot receives it.</summary>
/// <param name="Handle">The handle of the person who wrote it.</param>
/// <param name="Text">What follows the name; empty for nothing.</param>
internal sealed record BotCallView(long Id, int RoomId, int PersonId, string PersonName, string Handle, string Name, string Text, DateTime CalledAt);
