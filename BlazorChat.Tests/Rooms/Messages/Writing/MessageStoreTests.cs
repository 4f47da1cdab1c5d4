using BlazorChat.Common;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Messages.Writing;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Rooms.Messages.Writing;

/// <summary>Both message stores, prepared and tracked, leave the same rows for the same writes.</summary>
public sealed class MessageStoreTests : IAsyncLifetime
{
    private const int Rooms = 2;

    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly Guid[] Files = [.. Enumerable.Range(1, 12).Select(i => new Guid(i, 0, 0, new byte[8]))];

    // Rooms and people that exist or not, members or not, and repeated ids.
    private static readonly Gen<int> RoomId = Gen.Int[1, Rooms + 1];
    private static readonly Gen<int> PersonId = Gen.Int[1, 4];
    // Negative ones are of replies.
    private static readonly Gen<long> Sequence = Gen.Long[-60, 40];
    private static readonly Gen<string> Text = Gen.OneOf(
        "",
        "hello",
        "**한국어** 👍",
        "it's \"quoted\"",
        "<span class=\"mention\">@zoe</span> <span class=\"mention\">@eve님</span>",
        "<span class=\"mention\">@zoe가</span>, <span class=\"mention\">@room</span> <span class=\"mention\">#room-1</span>");

    private static readonly Gen<MessageWrite> Write = Gen.Frequency(
        (6, Gen.Select(RoomId, PersonId, Gen.Int[1, 400], Text, (room, person, id, text) =>
            (MessageWrite)new NewMessage(room, person, new Guid(id, 1, 1, new byte[8]), text, $"<p>{text}</p>", []))),
        (1, Gen.Select(RoomId, PersonId, Gen.Int[1, 400], Gen.OneOf(Files), (room, person, id, file) =>
            (MessageWrite)new NewMessage(room, person, new Guid(id, 1, 1, new byte[8]), "", "", [file]))),
        (3, Gen.Select(RoomId, PersonId, Gen.Int[1, 400], Gen.Long[1, 6], Text, Gen.Bool, (room, person, id, root, text, isInRoom) =>
            (MessageWrite)new NewMessage(room, person, new Guid(id, 1, 1, new byte[8]), text, $"<p>{text}</p>", []) { ThreadRoot = root, IsInRoom = isInRoom })),
        (1, Gen.Select(RoomId, PersonId, Sequence, Text, (room, person, sequence, text) =>
            (MessageWrite)new MessageEdit(room, person, sequence, text, $"<p>{text}</p>"))),
        (1, Gen.Select(RoomId, PersonId, Sequence, Gen.Bool, (room, person, sequence, isAdmin) =>
            (MessageWrite)new MessageDeletion(room, person, sequence, isAdmin))),
        (4, Gen.Select(RoomId, PersonId, Gen.Long[1, 6], Gen.OneOf("👍", "🎉", "😮"), Gen.Bool, (room, person, sequence, emoji, isSet) =>
            (MessageWrite)new ReactionChange(room, person, sequence, emoji, isSet))),
        (2, Gen.Select(RoomId, PersonId, Gen.Int[1, 400], Gen.Bool, Gen.Int[-1, 2], (room, person, id, flag, days) =>
            (MessageWrite)new NewMessage(room, person, new Guid(id, 1, 1, new byte[8]), "q", "<p>q</p>", [])
            {
                Poll = new NewPoll(["a", "b 2"], flag, !flag, days == 0 ? null : Start.AddMilliseconds(days * 40)),
            })),
        (4, Gen.Select(RoomId, PersonId, Gen.Long[1, 12], Gen.Int[1, 3].Array[0, 2], (room, person, sequence, options) =>
            (MessageWrite)new VoteChange(room, person, sequence, [.. options.Distinct().Order()]))),
        (1, Gen.Select(RoomId, PersonId, Gen.Long[1, 12], (room, person, sequence) => (MessageWrite)new PollClosing(room, person, sequence))),
        (1, Gen.Select(RoomId, Gen.Long[1, 12], (room, sequence) => (MessageWrite)new PollEnd(room, sequence))),
        (1, Gen.Select(RoomId, Gen.OneOf(Files), (room, file) => (MessageWrite)new ThumbnailChange(room, file, ThumbnailState.Ready))));

    private TestDatabase _prepared = default!;
    private TestDatabase _tracked = default!;

    public async ValueTask InitializeAsync()
    {
        _prepared = await CreateAsync();
        _tracked = await CreateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _prepared.DisposeAsync();
        await _tracked.DisposeAsync();
    }

    [Fact]
    public async Task Both_stores_return_the_same_results_and_leave_the_same_rows()
    {
        Assert.SkipWhen(TestDatabase.IsOnSqlServer, "Prepared statements are SQLite's.");
        await using var prepared = new PreparedMessageStore(await _prepared.OpenAsync());
        await using var tracked = new TrackedMessageStore(await _tracked.OpenAsync());
        var now = Start;

        async Task<string[]> CompareAsync(MessageWrite[] writes)
        {
            now += TimeSpan.FromMilliseconds(1);
            var answers = await CommitAsync(prepared, writes, now);
            Assert.Equal(await CommitAsync(tracked, writes, now), answers);
            var dump = await DumpAsync(_prepared);
            Assert.Equal(await DumpAsync(_tracked), dump);
            return dump;
        }

        // Every kind of row once, since what random writes leave is left to chance.
        var rows = await CompareAsync(
        [
            new NewMessage(1, 1, new Guid(1, 2, 2, new byte[8]), "@zoe", "<span class=\"mention\">@zoe</span>", []),
            new NewMessage(1, 1, new Guid(2, 2, 2, new byte[8]), "", "", [Files[0]]),
        ]);
        var withThread = await CompareAsync(
        [
            new NewMessage(1, 1, new Guid(3, 2, 2, new byte[8]), "one", "one", []) { ThreadRoot = 1, IsInRoom = false },
            new NewMessage(1, 2, new Guid(4, 2, 2, new byte[8]), "two", "two", []) { ThreadRoot = 1 },
        ]);
        Assert.Contains(withThread, line => line.StartsWith("Thread 1 1 2 ", StringComparison.Ordinal));
        Assert.Equal(2, withThread.Count(line => line.StartsWith("Follow ", StringComparison.Ordinal)));
        var reacted = await CompareAsync(
        [
            new ReactionChange(1, 2, 1, "👍", IsSet: true),
            new ReactionChange(1, 1, 1, "👍", IsSet: true),
            new ReactionChange(1, 1, 2, "🎉", IsSet: true),
            new ReactionChange(1, 1, 2, "🎉", IsSet: false),
        ]);
        Assert.Equal(2, reacted.Count(line => line.StartsWith("Reaction 1 1 ", StringComparison.Ordinal)));
        Assert.DoesNotContain(reacted, line => line.StartsWith("Reaction 1 2 ", StringComparison.Ordinal));
        await CompareAsync(
        [
            new NewMessage(1, 1, new Guid(5, 2, 2, new byte[8]), "q", "q", []) { Poll = new NewPoll(["a", "b"], IsMultiple: true, IsAnonymous: false, Start.AddDays(1)) },
            new NewMessage(1, 1, new Guid(6, 2, 2, new byte[8]), "q", "q", []) { Poll = new NewPoll(["a", "b"], IsMultiple: false, IsAnonymous: true, EndsAt: null) },
        ]);
        var voted = await CompareAsync([new VoteChange(1, 1, 4, [1, 2]), new VoteChange(1, 2, 4, [1]), new VoteChange(1, 1, 4, [2]), new VoteChange(1, 2, 5, [2]), new PollClosing(1, 1, 5)]);
        Assert.Equal(2, voted.Count(line => line.StartsWith("Vote 1 4 ", StringComparison.Ordinal)));
        Assert.Contains(voted, line => line.StartsWith("Poll 1 5 ", StringComparison.Ordinal) && !line.Contains("NULL NULL", StringComparison.Ordinal));
        Assert.Contains(rows, line => line.StartsWith("Message ", StringComparison.Ordinal));
        Assert.Contains(rows, line => line.StartsWith("Attachment ", StringComparison.Ordinal));
        Assert.Contains(rows, line => line.StartsWith("Mention 1 ", StringComparison.Ordinal));

        await Write.Array[1, 20].SampleAsync(async writes => { await CompareAsync(writes); }, iter: 150, threads: 1);
    }

    [Fact]
    public async Task A_file_of_another_room_is_refused_also_when_a_batch_writes_to_both()
    {
        await using var store = MessageStore.Of(await _prepared.OpenAsync());
        var (file, id) = (Files[1], Guid.NewGuid());

        // The second file is Zoe's and of the second room, but she is only in the first one.
        var answers = await CommitAsync(store, [new NewMessage(1, 2, id, "", "", [file]), new ThumbnailChange(2, file, ThumbnailState.Ready)], Start);

        Assert.Equal("NotFound A file is no longer available. Attach it again.", answers[0]);
        await using var db = await _prepared.OpenAsync();
        Assert.Null((await db.Attachments.SingleAsync(a => a.Id == file)).MessageId);
    }

    [Fact]
    public async Task A_batch_that_fails_leaves_no_rows_and_throws_the_exception_of_the_context()
    {
        Assert.SkipWhen(TestDatabase.IsOnSqlServer, "Prepared statements are SQLite's.");
        await using var database = await _prepared.OpenAsync();
        await database.Database.ExecuteSqlRawAsync(
            "CREATE TRIGGER poison BEFORE INSERT ON Messages WHEN NEW.Markdown = 'poison' BEGIN SELECT RAISE(ABORT, 'poison'); END");
        var before = await DumpAsync(_prepared);
        await using var store = new PreparedMessageStore(await _prepared.OpenAsync());
        NewMessage Create(string text) => new(1, 1, Guid.NewGuid(), text, text, []);

        await Assert.ThrowsAsync<DbUpdateException>(() => CommitAsync(store, [Create("good"), Create("poison")], Start));

        Assert.Equal(before, await DumpAsync(_prepared));
    }

    private static async Task<TestDatabase> CreateAsync()
    {
        // The nodes themselves end no poll of the writes.
        var site = await TestDatabase.CreateAsync(time: new FakeTimeProvider(Start));
        var ada = await site.AddPersonAsync("Ada");
        var zoe = await site.AddPersonAsync("Zoe");
        await site.AddPersonAsync("Eve");
        for (var i = 1; i <= Rooms; i++)
        {
            var room = await site.Rooms.CreateAsync(ada, $"Room {i}", i == 1 ? RoomKind.Open : RoomKind.Private, default);
            if (i == 1)
                await site.Rooms.JoinAsync(zoe, room.Id, default);
        }

        await using var db = await site.OpenAsync();
        db.AddRange(Files.Select((id, i) => new Attachment
        {
            Id = id,
            Owner = AttachmentOwner.Room,
            OwnerId = (i % Rooms) + 1,
            UploaderId = (i % 3) + 1,
            Name = $"{i}.png",
            ContentType = "image/png",
            Hash = new byte[Attachment.HashLength],
            Thumbnails = ThumbnailState.Pending,
            UploadedAt = Start,
        }));
        await db.SaveChangesAsync();
        return site;
    }

    private static async Task<string[]> CommitAsync(MessageStore store, IReadOnlyList<MessageWrite> writes, DateTime now)
    {
        await using var transaction = await store.BeginAsync(default);
        var batch = new MessageBatch(await BatchRows.ReadAsync(store, writes, default), now);
        var answers = writes.Select(write => Answer(batch, write)).ToArray();
        await batch.SaveAsync(store, default);
        await transaction.CommitAsync();
        return [.. answers.Select(answer => answer.View is { } view ? Describe(batch.Complete(view)) : answer.Refusal)];
    }

    private static (MessageView? View, string Refusal) Answer(MessageBatch batch, MessageWrite write)
    {
        try
        {
            return (batch.Apply(write), "");
        }
        catch (RefusedException refused)
        {
            return (null, $"{refused.Code} {refused.Message}");
        }
    }

    private static string Describe(MessageView view) =>
        $"{view} {string.Join(", ", view.Attachments)} {string.Join(", ", view.Mentions ?? [])} {string.Join("; ", view.Reactions?.Select(r => $"{r.Emoji} {r.Count} {string.Join(", ", r.People)}") ?? [])} {view.Poll?.Format()}";

    /// <summary>The rows in the file, without the keys that the database assigned.</summary>
    private static async Task<string[]> DumpAsync(TestDatabase site)
    {
        const string sql = """
            SELECT 'Message', m.RoomId, m.Sequence, quote(Revision), quote(FirstRevision), quote(AuthorId), quote(ClientMessageId), quote(Markdown),
                quote(Html), quote(SentAt), quote(EditedAt), quote(DeletedAt), quote(ThreadRoot) || quote(Reactions) || quote(PollState), quote(ReplyNumber) FROM Messages m
            UNION ALL SELECT 'Room', Id, 0, quote(LastSequence), quote(LastRevision), 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM Rooms
            UNION ALL SELECT 'Membership', RoomId, UserId, quote(LastReadSequence), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM Memberships
            UNION ALL SELECT 'Attachment', a.OwnerId, m.Sequence, quote(a.Id), quote(a.Position), quote(a.Thumbnails), 0, 0, 0, 0, 0, 0, 0, 0
                FROM Attachments a JOIN Messages m ON m.Id = a.MessageId
            UNION ALL SELECT 'Mention', RoomId, Sequence, quote(UserId), quote(Kind), 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM Mentions
            UNION ALL SELECT 'Reaction', RoomId, Sequence, quote(UserId), quote(Emoji), 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM Reactions
            UNION ALL SELECT 'Poll', m.RoomId, m.Sequence, quote(p.IsMultiple), quote(p.IsAnonymous), quote(p.EndsAt), quote(p.EndedAt), 0, 0, 0, 0, 0, 0, 0
                FROM Polls p JOIN Messages m ON m.Id = p.MessageId
            UNION ALL SELECT 'Option', m.RoomId, m.Sequence, quote(o.Number), quote(o.Text), 0, 0, 0, 0, 0, 0, 0, 0, 0
                FROM PollOptions o JOIN Messages m ON m.Id = o.MessageId
            UNION ALL SELECT 'Vote', m.RoomId, m.Sequence, quote(v.UserId), quote(v.Number), 0, 0, 0, 0, 0, 0, 0, 0, 0
                FROM PollVotes v JOIN Messages m ON m.Id = v.MessageId
            UNION ALL SELECT 'Thread', RoomId, RootSequence, quote(LastReply), quote(LastReplyAt), quote(Repliers), 0, 0, 0, 0, 0, 0, 0, 0 FROM Threads
            UNION ALL SELECT 'Follow', t.RoomId, t.RootSequence, quote(f.UserId), quote(f.LastReadReply), 0, 0, 0, 0, 0, 0, 0, 0, 0
                FROM ThreadFollows f JOIN Threads t ON t.RootId = f.RootId
            ORDER BY 1, 2, 3, 4, 5
            """;
        await using var db = await site.OpenAsync();
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        var values = new object[reader.FieldCount];
        while (await reader.ReadAsync())
        {
            reader.GetValues(values);
            lines.Add(string.Join(' ', values));
        }

        return [.. lines];
    }
}
