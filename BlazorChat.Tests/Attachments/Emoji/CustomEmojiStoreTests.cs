using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments.Emoji;
using BlazorChat.Attachments.Uploads;
using BlazorChat.Common;
using BlazorChat.Data.Entities;
using BlazorChat.Rooms.Reactions;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Attachments.Emoji;

/// <summary>Custom emoji as rows, and reactions by them.</summary>
public sealed class CustomEmojiStoreTests : IAsyncLifetime
{
    private TestDatabase _site = default!;
    private ClaimsPrincipal _admin = default!;
    private ClaimsPrincipal _zoe = default!;

    private CustomEmojiStore Store => _site.Services.GetRequiredService<CustomEmojiStore>();

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync();
        _admin = await _site.AddPersonAsync("Ada", isAdmin: true);
        _zoe = await _site.AddPersonAsync("Zoe");
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task An_admin_adds_and_deletes_emoji_and_their_pictures()
    {
        await AddAsync("ship-it", TestPictures.Png(64, 64));
        await AddAsync("+2", TestPictures.WebP(64, 64));
        await AddAsync("party_parrot", TestPictures.MovingGif(32, 32, 2));

        var listed = await Store.ListAsync(default);
        Assert.Equal(["+2", "party_parrot", "ship-it"], listed.Select(emoji => emoji.Name));
        await using var db = await _site.OpenAsync();
        var files = await db.Attachments.Where(a => a.Owner == AttachmentOwner.Site).ToListAsync();
        Assert.Equal(listed.Select(emoji => emoji.Address).Order(), files.Select(file => $"emoji/{file.Id}").Order());
        Assert.Equal(3, StoredFiles);
        // They are not left-overs of uploads, and their picture cannot be discarded.
        var wanted = await _site.Services.GetRequiredService<IEnumerable<BlazorChat.Attachments.Rights.IAttachmentOwner>>()
            .Single(owner => owner.Kind == AttachmentOwner.Site).FindWantedAsync([.. files.Select(file => file.Id), Guid.NewGuid()], default);
        Assert.Equal(files.Select(file => file.Id).Order(), wanted.Order());
        await RefusedAsync(() => _site.Services.GetRequiredService<AttachmentUploads>().DiscardAsync(_admin, files[0].Id, default));

        await Store.RemoveAsync(_admin, "ship-it", default);
        await Store.RemoveAsync(_admin, "ship-it", default);

        Assert.Equal(["+2", "party_parrot"], (await Store.ListAsync(default)).Select(emoji => emoji.Name));
        Assert.Equal(2, StoredFiles);
        await AddAsync("ship-it", TestPictures.Png(64, 64));
        Assert.True(await Store.ExistsAsync("ship-it", default));
    }

    [Fact]
    public async Task Names_and_pictures_that_break_a_rule_are_refused_and_leave_nothing()
    {
        await AddAsync("taken", TestPictures.Png(64, 64));
        foreach (var name in new[] { "", "a", "A-Team", "two words", "한글", "név", "x:y", "name\n", new string('a', 33) })
            Assert.Equal("Invalid A name has 2 to 32 characters: letters of a to z, digits, _, + and -.", await RefusedAsync(() => AddAsync(name, TestPictures.Png(64, 64))));
        Assert.Equal("Conflict :tada: is 🎉 already. Choose another name.", await RefusedAsync(() => AddAsync("tada", TestPictures.Png(64, 64))));
        Assert.Equal("Conflict There is an emoji :taken: already. Choose another name.", await RefusedAsync(() => AddAsync("taken", TestPictures.Png(64, 64))));
        foreach (var content in new[] { TestPictures.Jpeg(64, 64), "text"u8.ToArray(), TestPictures.Png(1025, 8) })
            Assert.Equal("Invalid Choose a PNG, GIF or WebP of at most 1024 pixels in each direction.", await RefusedAsync(() => AddAsync("picture", content)));
        Assert.StartsWith("Invalid ", await RefusedAsync(() => AddAsync("large", new byte[CustomEmojiStore.MaxSize + 1])), StringComparison.Ordinal);
        Assert.StartsWith("Forbidden ", await RefusedAsync(() => Store.AddAsync(_zoe, "mine", "a.png", Stream.Null, 1, default)), StringComparison.Ordinal);
        Assert.StartsWith("Forbidden ", await RefusedAsync(() => Store.RemoveAsync(_zoe, "taken", default)), StringComparison.Ordinal);

        Assert.Equal(["taken"], (await Store.ListAsync(default)).Select(emoji => emoji.Name));
        await using var db = await _site.OpenAsync();
        Assert.Equal((1, 1), (await db.Attachments.CountAsync(), StoredFiles));
    }

    [Fact]
    public async Task A_site_has_a_bounded_number_and_two_that_are_added_at_once_have_one_name_once()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
        {
            try
            {
                await AddAsync("same", TestPictures.Png(60 + i, 64));
                return "added";
            }
            catch (RefusedException refused)
            {
                return $"{refused.Code}";
            }
        }));
        Assert.Equal(["Conflict", "Conflict", "Conflict", "added"], outcomes.Order(StringComparer.Ordinal));
        Assert.Equal(1, StoredFiles);

        await using (var db = await _site.OpenAsync())
        {
            db.AddRange(Enumerable.Range(1, CustomEmojiStore.MaxEmoji - 1).Select(i => new CustomEmoji { Id = Guid.NewGuid(), Name = $"n{i}", CreatedById = _admin.UserId }));
            await db.SaveChangesAsync();
        }

        Assert.Equal("Conflict A site can have at most 500 custom emoji. Delete one first.", await RefusedAsync(() => AddAsync("last", TestPictures.Png(64, 64))));
        Assert.Equal(CustomEmojiStore.MaxEmoji, (await Store.ListAsync(default)).Count);
    }

    [Fact]
    public async Task A_reaction_is_by_a_custom_emoji_that_exists_and_one_of_a_deleted_one_stays_and_can_be_removed()
    {
        var name = new string('n', CustomEmoji.MaxNameLength);
        await AddAsync(name, TestPictures.Png(64, 64));
        var room = await _site.Rooms.CreateAsync(_admin, "Room", default);
        await _site.Rooms.JoinAsync(_zoe, room.Id, default);
        await _site.Conversation.SendAsync(_admin, room.Id, Guid.NewGuid(), "hello", default);
        var reactions = _site.Services.GetRequiredService<MessageReactions>();

        var reacted = await reactions.AddAsync(_zoe, room.Id, 1, $":{name}:", default);
        Assert.Equal(($":{name}:", 1), (Assert.Single(reacted.Reactions!).Emoji, reacted.Reactions![0].Count));
        foreach (var unknown in new[] { ":unknown:", ":tada:", name, $":{name}", ":a b:", $":{name}n:" })
            Assert.Equal("Invalid This isn't an emoji that you can react with.", await RefusedAsync(() => reactions.AddAsync(_zoe, room.Id, 1, unknown, default)));

        await Store.RemoveAsync(_admin, name, default);

        Assert.Equal($":{name}:", (await _site.Conversation.ReadLatestAsync(_zoe, room.Id, default)).Messages[0].Reactions![0].Emoji);
        Assert.StartsWith("Invalid ", await RefusedAsync(() => reactions.AddAsync(_admin, room.Id, 1, $":{name}:", default)), StringComparison.Ordinal);
        Assert.Null((await reactions.RemoveAsync(_zoe, room.Id, 1, $":{name}:", default)).Reactions);
    }

    private int StoredFiles => Directory.EnumerateFiles(Path.Combine(_site.DataFolder, "attachments"), "*", SearchOption.AllDirectories)
        .Count(file => !Path.GetFileName(file).Contains('.', StringComparison.Ordinal));

    private Task AddAsync(string name, byte[] content) => Store.AddAsync(_admin, name, "picture.png", new MemoryStream(content), content.Length, default);

    private static async Task<string> RefusedAsync(Func<Task> command)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(command);
        return $"{refused.Code} {refused.Message}";
    }
}
