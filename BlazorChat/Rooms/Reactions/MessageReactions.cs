using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments.Emoji;
using BlazorChat.Common;
using BlazorChat.Common.Emoji;
using BlazorChat.Rooms.Messages.Writing;

namespace BlazorChat.Rooms.Reactions;

/// <summary>
/// Adds and removes reactions. A command that changes nothing succeeds, so it can be repeated. A reaction is a change of its message in the feed of
/// the room, and no edit: it notifies nobody and makes nothing unread.
/// </summary>
internal sealed class MessageReactions(MessageWriter writer, CustomEmojiStore custom, CommandLimit commands)
{
    /// <summary>Adds a reaction of a person, who has each emoji once. It is committed before it is published and before this returns.</summary>
    /// <param name="sequence">The key of the message, also of a reply.</param>
    /// <param name="emoji">One emoji of Unicode's, or <c>:name:</c> of a custom one.</param>
    /// <returns>The message with its reactions.</returns>
    /// <exception cref="RefusedException">
    /// It is no emoji; there is no such message, or it is deleted; the person is not a member of the room; the room is archived; the message has
    /// <see cref="ReactionView.MaxEmoji"/> other emoji (<see cref="RefusalCode.Conflict"/>); or too many commands.
    /// </exception>
    public Task<MessageView> AddAsync(ClaimsPrincipal person, int roomId, long sequence, string emoji, CancellationToken cancellationToken) =>
        SetAsync(person, roomId, sequence, emoji, isSet: true, cancellationToken);

    /// <summary>Removes a reaction of a person.</summary>
    /// <inheritdoc cref="AddAsync"/>
    public Task<MessageView> RemoveAsync(ClaimsPrincipal person, int roomId, long sequence, string emoji, CancellationToken cancellationToken) =>
        SetAsync(person, roomId, sequence, emoji, isSet: false, cancellationToken);

    /// <param name="isSet">Whether the person reacts by the emoji, or no longer does.</param>
    /// <inheritdoc cref="AddAsync"/>
    public async Task<MessageView> SetAsync(
        ClaimsPrincipal person, int roomId, long sequence, string emoji, bool isSet, CancellationToken cancellationToken)
    {
        commands.Acquire(person);
        var known = EmojiList.Find(emoji) ?? await FindCustomAsync(emoji, isSet, cancellationToken) ?? throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("ReactionUnknown"));
        return await writer.ApplyAsync(new ReactionChange(roomId, person.UserId, sequence, known, isSet), cancellationToken);
    }

    /// <summary>A reaction by an emoji that was deleted since can be removed.</summary>
    private async Task<string?> FindCustomAsync(string emoji, bool isSet, CancellationToken cancellationToken) =>
        CustomEmojiStore.NameIn(emoji) is { } name && (!isSet || await custom.ExistsAsync(name, cancellationToken)) ? emoji : null;
}
