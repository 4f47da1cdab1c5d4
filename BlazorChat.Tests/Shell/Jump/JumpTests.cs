using System.Net;
using System.Text.Json;
using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Tests.Shell.Jump;

/// <summary>What the pages of a person list for Ctrl+K.</summary>
public sealed class JumpTests(TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private Member _zoe = default!;

    public async ValueTask InitializeAsync() => _zoe = await site.JoinAsync("Zoe");

    public ValueTask DisposeAsync()
    {
        _zoe.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_person_gets_the_rooms_and_people_that_they_may_see()
    {
        var joined = await site.AddRoomAsync(RoomKind.Private, site.Ada, _zoe);
        var open = await site.AddRoomAsync(site.Ada);
        var hidden = await site.AddRoomAsync(RoomKind.Private, site.Ada);
        var archived = await site.AddRoomAsync(site.Ada, _zoe);
        using (var ada = new ScriptClient(site.Node.Address, cookies: site.Ada.Cookies))
            Assert.Equal(HttpStatusCode.OK, await ada.StatusAsync("jump"));
        await using (var database = new DirectDatabase(site.Node.DataFolder))
        {
            (await database.Db.Rooms.FindAsync(archived.Id))!.ArchivedAt = DateTime.UtcNow;
            await database.Db.SaveChangesAsync();
        }

        var list = await ReadAsync(_zoe, "jump");

        Assert.True(list.GetProperty("isComplete").GetBoolean());
        Assert.Contains(("private", joined.Name, $"rooms/{joined.Id}"), Targets(list));
        Assert.Contains(("room", open.Name, $"rooms/{open.Id}"), Targets(list));
        Assert.Contains(("person", "Ada", $"direct/{site.Ada.Id}"), Targets(list));
        Assert.DoesNotContain(Targets(list), target => target.Address == $"rooms/{hidden.Id}" || target.Address == $"rooms/{archived.Id}" || target.Address == $"direct/{_zoe.Id}");
    }

    [Fact]
    public async Task A_search_finds_parts_of_names_of_what_the_person_may_see()
    {
        var room = await site.AddRoomAsync(site.Ada);
        var hidden = await site.AddRoomAsync(RoomKind.Private, site.Ada);

        Assert.Equal([("room", room.Name, $"rooms/{room.Id}")], Targets(await ReadAsync(_zoe, $"jump?q={Uri.EscapeDataString(room.Name.ToUpperInvariant())}")));
        Assert.Equal([("person", "Ada", $"direct/{site.Ada.Id}")], Targets(await ReadAsync(_zoe, "jump?q=ad")).Where(target => target.Kind == "person" && target.Name == "Ada"));
        Assert.Empty(Targets(await ReadAsync(_zoe, $"jump?q={Uri.EscapeDataString(hidden.Name)}")));
    }

    [Fact]
    public async Task Nobody_else_gets_a_list_and_a_text_that_no_name_has_is_refused()
    {
        using var anonymous = new ScriptClient(site.Node.Address);
        using var zoe = new ScriptClient(site.Node.Address, cookies: _zoe.Cookies);

        Assert.Equal(HttpStatusCode.Unauthorized, await anonymous.StatusAsync("jump"));
        Assert.Equal(HttpStatusCode.BadRequest, await zoe.StatusAsync($"jump?q={new string('x', 101)}"));
    }

    private static IReadOnlyList<(string Kind, string Name, string Address)> Targets(JsonElement list) =>
    [
        .. list.GetProperty("items").EnumerateArray().Select(item =>
            (item.GetProperty("kind").GetString()!, item.GetProperty("name").GetString()!, item.GetProperty("address").GetString()!)),
    ];

    private async Task<JsonElement> ReadAsync(Member member, string path)
    {
        using var client = new ScriptClient(site.Node.Address, cookies: member.Cookies);
        using var response = await client.GetAsync(path);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
