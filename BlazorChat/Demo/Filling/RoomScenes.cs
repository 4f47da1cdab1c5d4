using System.Globalization;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Demo.Scenes;
using BlazorChat.Demo.Team;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Direct;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Messages;
using BlazorChat.Rooms.Pins;
using BlazorChat.Rooms.Polls;
using BlazorChat.Rooms.Reactions;
using BlazorChat.Rooms.Saved;

namespace BlazorChat.Demo.Filling;

/// <summary>Creates the rooms of scenes, and writes their lines as their people do.</summary>
internal sealed class RoomScenes(
    RoomDirectory directory,
    RoomSettings settings,
    RoomMembers members,
    DirectRooms direct,
    Conversation conversation,
    RoomPolls polls,
    MessageReactions reactions,
    MessagePins pins,
    SavedMessages saved,
    SceneFiles files)
{
    private readonly Dictionary<string, string> _addresses = [];
    private readonly Dictionary<SceneLine, MessageView> _sent = [];

    /// <returns>The id of the room.</returns>
    public async Task<int> CreateAsync(Scene scene, Cast cast, CancellationToken cancellationToken)
    {
        var people = scene.People.Select(key => cast[key]).ToArray();
        var owner = people[0].Principal;
        if (scene.Kind == SceneKind.Direct)
            return (await direct.OpenAsync(owner, [.. people.Skip(1).Select(person => person.Id)], cancellationToken)).RoomId;
        var kind = scene.Heads.ContainsKey("private") ? RoomKind.Private : RoomKind.Open;
        var known = (await directory.ListJoinedAsync(owner, cancellationToken)).FirstOrDefault(room => room.Name == scene.Name);
        var roomId = known?.Id ?? (await directory.CreateAsync(owner, scene.Name, kind, cancellationToken)).Id;
        await settings.ChangeAsync(owner, roomId, new RoomEdit(Topic: scene.Heads["topic"]), cancellationToken);
        foreach (var person in people.Skip(1))
        {
            if (kind == RoomKind.Open)
                await directory.JoinAsync(person.Principal, roomId, cancellationToken);
            else
                await members.AddAsync(owner, roomId, person.Id, cancellationToken);
        }

        return roomId;
    }

    /// <summary>Sends the message or reply, and does what follows it.</summary>
    public async Task WriteAsync(int roomId, SceneLine line, Cast cast, CancellationToken cancellationToken)
    {
        var sent = await SendAsync(roomId, line, cast, cancellationToken);
        _sent[line] = sent;
        if (line.Label.Length > 0)
            _addresses[line.Label] = $"/{sent.Address}";
        // They share commits.
        await Task.WhenAll(line.Deeds.SelectMany(deed => Do(deed.Verb, deed.Words, sent, cast, cancellationToken)));
    }

    private async Task<MessageView> SendAsync(int roomId, SceneLine line, Cast cast, CancellationToken cancellationToken)
    {
        var author = cast[line.Author];
        var text = SceneText.Fill(line.Text, cast, _addresses);
        if (line.Options.Count > 0)
            return await polls.SendAsync(author.Principal, roomId, Guid.NewGuid(), text, new PollDraft(line.Options), cancellationToken);
        Guid[] attached = line.File.Length > 0 ? [await files.UploadAsync(author, AttachmentOwner.Room, roomId, line.File, cancellationToken)] : [];
        return line.Root is { } root
            ? await conversation.ReplyAsync(author.Principal, roomId, _sent[root].Sequence, Guid.NewGuid(), text, attached, line.IsInRoom, cancellationToken)
            : await conversation.SendAsync(author.Principal, roomId, Guid.NewGuid(), text, attached, cancellationToken);
    }

    private IEnumerable<Task> Do(string verb, string[] words, MessageView message, Cast cast, CancellationToken cancellationToken)
    {
        var (roomId, sequence) = (message.RoomId, message.Sequence);
        return words.Skip(verb is "+" or "vote" ? 1 : 0).Select(key => cast[key].Principal).Select(person => verb switch
        {
            "+" => reactions.AddAsync(person, roomId, sequence, words[0], cancellationToken),
            "vote" => polls.VoteAsync(person, roomId, sequence, [int.Parse(words[0], CultureInfo.InvariantCulture)], cancellationToken),
            "pin" => pins.SetAsync(person, roomId, sequence, isSet: true, cancellationToken),
            "read" => conversation.MarkReadAsync(person, roomId, sequence, cancellationToken),
            "save" => saved.SaveAsync(person, roomId, sequence, cancellationToken),
            _ => throw new InvalidDataException($"The demo has no verb {verb}."),
        });
    }
}
