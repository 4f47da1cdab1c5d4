using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Common.Names;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Messages;
using BlazorChat.Rooms.Messages.Writing;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Polls;

/// <summary>A poll that a person or a program wants to send.</summary>
/// <param name="Options">Their texts, in order.</param>
/// <param name="IsMultiple">Whether a person may choose several options.</param>
/// <param name="IsAnonymous">Whether nobody learns who chose what.</param>
/// <param name="EndsAt">UTC, when it ends by itself; null for never.</param>
internal sealed record PollDraft(IReadOnlyList<string> Options, bool IsMultiple = false, bool IsAnonymous = false, DateTime? EndsAt = null)
{
    /// <summary>Whether the message that it comes with belongs to a thread or has files.</summary>
    public bool HasThreadOrFiles { get; init; }
}

/// <summary>
/// Sends polls, votes in them and ends them. A poll is a message, whose text is the question. A vote is a change of the message in the feed of the
/// room, and no edit: it notifies nobody and makes nothing unread. Commands set, so they can be repeated.
/// </summary>
internal sealed class RoomPolls(
    IDbContextFactory<ChatDbContext> databases, Conversation conversation, MessageWriter writer, OwnVotes own, PollEnds ends, CommandLimit commands)
{
    /// <summary>Sends a poll. It is committed before it is published and before this returns.</summary>
    /// <param name="clientMessageId">An id that the sender chose. A repeated send with the same id returns the first message.</param>
    /// <param name="question">Markdown.</param>
    /// <exception cref="RefusedException">
    /// As for a message; or there are too few or too many options, two are equal, one is empty or too long, or it would end at once or in more than a year.
    /// </exception>
    public async Task<MessageView> SendAsync(
        ClaimsPrincipal sender, int roomId, Guid clientMessageId, string question, PollDraft draft, CancellationToken cancellationToken)
    {
        var poll = new NewPoll(Clean(draft), draft.IsMultiple, draft.IsAnonymous, draft.EndsAt?.ToUniversalTime());
        var sent = await conversation.SendPollAsync(sender, roomId, clientMessageId, question, poll, cancellationToken);
        if (poll.EndsAt is not null)
            ends.Notify();
        return sent;
    }

    /// <summary>Sets what a person chooses in a poll, until it ends.</summary>
    /// <param name="options">The numbers of all options that they choose, from 1; none to withdraw the vote.</param>
    /// <exception cref="RefusedException">
    /// There is no such poll, or it has ended (<see cref="RefusalCode.Conflict"/>); it has no such option, or only one may be chosen; the person is not a
    /// member of the room; the room is archived; or too many commands.
    /// </exception>
    public async Task<MessageView> VoteAsync(ClaimsPrincipal person, int roomId, long sequence, IReadOnlyList<int> options, CancellationToken cancellationToken)
    {
        commands.Acquire(person);
        if (options.Count > Poll.MaxOptions)
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("PollOptionUnknown"));
        return await writer.ApplyAsync(new VoteChange(roomId, person.UserId, sequence, [.. options.Distinct().Order()]), cancellationToken);
    }

    /// <summary>Ends a poll. One that has ended stays as it is.</summary>
    /// <param name="person">Who sent it, or an owner of the room; in a direct room only who sent it.</param>
    /// <exception cref="RefusedException">There is no such poll, this person may not end it, or the room is archived.</exception>
    public async Task<MessageView> EndAsync(ClaimsPrincipal person, int roomId, long sequence, CancellationToken cancellationToken)
    {
        commands.Acquire(person);
        return await writer.ApplyAsync(new PollClosing(roomId, person.UserId, sequence), cancellationToken);
    }

    /// <summary>The numbers of the options that a person chose; nobody else can read them in an anonymous poll.</summary>
    /// <exception cref="RefusedException">There is no such poll that this person may read; or too many commands.</exception>
    public async Task<IReadOnlyList<int>> FindVoteAsync(ClaimsPrincipal person, int roomId, long sequence, CancellationToken cancellationToken)
    {
        commands.Acquire(person);
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
        {
            if (!await RoomDirectory.Visible(db, person.UserId).AnyAsync(room => room.Id == roomId, cancellationToken))
                throw RoomDirectory.NotFound();
            if (!await db.Messages.AnyAsync(message => message.RoomId == roomId && message.Sequence == sequence && message.PollState != null, cancellationToken))
                throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("PollMissing"));
        }

        return [.. (await own.FindAsync(person, roomId, [sequence], cancellationToken)).Select(vote => vote.Mark).Order()];
    }

    /// <summary>The texts of the options, composed and trimmed.</summary>
    private static string[] Clean(PollDraft draft)
    {
        if (draft.HasThreadOrFiles)
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("PollInThread"));
        if (draft.Options.Count is < Poll.MinOptions or > Poll.MaxOptions)
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("PollOptionCount", Poll.MinOptions, Poll.MaxOptions));
        string[] options = [.. draft.Options.Select(Clean)];
        return options.GroupBy(text => text, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { Key: var twice }
            ? throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("PollOptionTwice", twice))
            : options;
    }

    private static string Clean(string option)
    {
        if (option is null || !PlainText.IsOneLine(option) || NameText.Clean(option) is not { Length: > 0 } clean)
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("PollOptionUnreadable"));
        return clean.Length > PollOption.MaxLength
            ? throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("PollOptionTooLong", PollOption.MaxLength))
            : clean;
    }
}
