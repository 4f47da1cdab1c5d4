using BlazorChat.Data;
using BlazorChat.Data.Entities.Links;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Markup;
using BlazorChat.Rooms.Links;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Messages.Writing;

/// <summary>The links of the messages of a transaction, and their previews.</summary>
internal sealed class BatchLinks(BatchRows rows, DateTime now)
{
    private readonly List<MessageLink> _added = [];
    private readonly List<MessageLink> _removed = [];
    private readonly List<Message> _deleted = [];

    public IReadOnlyList<MessageLink> Added => _added;

    /// <summary>Adds the links of a new message.</summary>
    public void Add(Message message, IReadOnlyList<FoundLink> links)
    {
        foreach (var (position, link) in links.Index())
            Add(message, link, position);
    }

    /// <summary>
    /// Replaces the links of a message by those of its new text. One that it has still keeps its preview; one whose preview was removed keeps that, also
    /// while the text does not have it.
    /// </summary>
    public void Replace(Message message, IReadOnlyList<FoundLink> links)
    {
        var before = rows.LinksOf(message);
        var remembered = 0;
        foreach (var link in before.Where(link => links.All(found => found.Key != link.AddressKey)).ToArray())
        {
            if (link.IsRemoved && ++remembered <= MessageLink.MaxRemembered)
                continue;
            before.Remove(link);
            if (!_added.Remove(link))
                _removed.Add(link);
        }

        foreach (var (position, found) in links.Index())
        {
            if (before.Find(link => link.AddressKey == found.Key) is { } known)
                (known.Position, known.Address) = (position, found.Address);
            else
                Add(message, found, position);
        }

        Show(message, added: null);
    }

    /// <summary>Removes the links of a message that is deleted. Called before its text is.</summary>
    public void Clear(Message message)
    {
        // An earlier text may have had links.
        if (message.Previews is null && message.EditedAt is null && !HtmlText.HasOutsideLink(message.Html))
            return;
        message.Previews = null;
        _removed.AddRange(rows.LinksOf(message).Except(_added));
        _added.RemoveAll(link => link.RoomId == message.RoomId && link.Sequence == message.Sequence);
        rows.LinksOf(message).Clear();
        _deleted.Add(message);
    }

    /// <summary>Shows what was found at an address; the message gets a revision when that changes it.</summary>
    public void Apply(PreviewChange write, Message message, RoomNumbers room)
    {
        if (rows.LinksOf(message).Find(link => link.AddressKey == write.AddressKey) is not { DueAt: not null } link)
            return;
        (link.DueAt, link.PreviewId) = (null, write.Preview.Id);
        if (Show(message, write.Preview))
            message.Revision = ++room.LastRevision;
    }

    /// <summary>Removes one preview of a message, or all; the message gets a revision when that changes it.</summary>
    public void Apply(PreviewRemoval write, Message message, RoomNumbers room)
    {
        foreach (var link in rows.LinksOf(message))
        {
            // All are those too that are not there yet.
            if (write.PreviewId is null ? link.PreviewId is not null || link.DueAt is not null : link.PreviewId == write.PreviewId)
                (link.IsRemoved, link.DueAt) = (true, null);
        }

        if (Show(message, added: null))
            message.Revision = ++room.LastRevision;
    }

    /// <summary>Removes rows. The context saves changed ones, and the store new ones.</summary>
    public async Task SaveAsync(ChatDbContext db, CancellationToken cancellationToken)
    {
        db.RemoveRange(_removed);
        foreach (var message in _deleted)
        {
            var (roomId, sequence) = (message.RoomId, message.Sequence);
            // Those that were not read.
            var read = _removed.Where(link => link.RoomId == roomId && link.Sequence == sequence).Select(link => link.AddressKey).ToArray();
            await db.MessageLinks
                .Where(link => link.RoomId == roomId && link.Sequence == sequence && !read.Contains(link.AddressKey))
                .ExecuteDeleteAsync(cancellationToken);
        }
    }

    private void Add(Message message, FoundLink found, int position)
    {
        var link = new MessageLink
        {
            RoomId = message.RoomId,
            Sequence = message.Sequence,
            AddressKey = found.Key,
            Address = found.Address,
            Position = position,
            AuthorId = message.AuthorId,
            DueAt = rows.TryWait(message.AuthorId) ? now : null,
        };
        _added.Add(link);
        rows.LinksOf(message).Add(link);
    }

    /// <summary>Writes into a message what readers see.</summary>
    /// <returns>Whether that changes it.</returns>
    private bool Show(Message message, PreviewView? added)
    {
        var known = (PreviewView.Parse(message.Previews) ?? []).ToDictionary(preview => preview.Id);
        if (added is not null)
            known[added.Id] = added;
        var shown = rows.LinksOf(message)
            .Where(link => !link.IsRemoved && link.PreviewId is { } id && known.ContainsKey(id))
            .OrderBy(link => link.Position)
            .Select(link => known[link.PreviewId!.Value] with { Url = link.Address })
            .ToArray();
        var previews = PreviewView.Format(shown);
        if (previews == message.Previews)
            return false;
        message.Previews = previews;
        return true;
    }
}
