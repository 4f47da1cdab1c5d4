using System.Security.Claims;
using BlazorChat.Accounts.Statuses;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Accounts;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Accounts.Statuses;

public sealed class PeopleStatusTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));
    private TestDatabase _site = default!;
    private PeopleStatus _statuses = default!;
    private ClaimsPrincipal _ada = default!;

    private DateTime Now => _time.GetUtcNow().UtcDateTime;

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync(time: _time);
        _statuses = _site.Services.GetRequiredService<PeopleStatus>();
        _ada = await _site.AddPersonAsync("Ada");
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task A_status_ends_by_itself()
    {
        Assert.Null(await _statuses.FindAsync(_ada, default));
        await _statuses.SetAsync(_ada, " 🍴 ", " At lunch ", Now.AddMinutes(30), default);
        Assert.Equal(new PersonStatus("🍴", "At lunch", Now.AddMinutes(30)), await _statuses.FindAsync(_ada, default));
        _time.Advance(TimeSpan.FromMinutes(29));
        Assert.NotNull(await _statuses.FindAsync(_ada, default));

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(await _statuses.FindAsync(_ada, default));
    }

    [Fact]
    public async Task A_status_is_an_emoji_or_a_text_and_cleared_without_both()
    {
        Assert.Equal(new PersonStatus("", "재택근무", null), await _statuses.SetAsync(_ada, "", "재택근무", null, default));
        Assert.Equal(new PersonStatus("🌴", "", null), await _statuses.SetAsync(_ada, "🌴", "", null, default));
        Assert.Equal(new PersonStatus("🌴", "", null), await _statuses.FindAsync(_ada, default));

        Assert.Null(await _statuses.SetAsync(_ada, "", " ", Now.AddHours(1), default));

        Assert.Null(await _statuses.FindAsync(_ada, default));
    }

    [Fact]
    public async Task A_text_without_visible_characters_is_none_and_its_direction_is_that_of_the_page()
    {
        Assert.Null(await _statuses.SetAsync(_ada, "", "\u3164\u115F", null, default));
        Assert.Equal("lunch", (await _statuses.SetAsync(_ada, "", "\u202Elunch\u3164", null, default))!.Text);
    }

    [Theory]
    [InlineData("🏳️‍🌈", true)]
    [InlineData("👩🏽‍💻", true)]
    [InlineData("🇰🇷", true)]
    [InlineData("1️⃣", true)]
    [InlineData("☕", true)]
    [InlineData("a", false)]
    [InlineData("🌴🌴", false)]
    [InlineData("🌴a", false)]
    [InlineData("\ud83c", false)]
    [InlineData("a\u20e3\u20e3\u20e3\u20e3\u20e3\u20e3\u20e3\u20e3\u20e3\u20e3\u20e3\u20e3\u20e3\u20e3\u20e3\u20e3\u20e3\u20e3\u20e3\u20e3\u20e3\u20e3\u20e3\u20e3\u20e3\u20e3\u20e3\u20e3\u20e3\u20e3\u20e3\u20e3", false)]
    public async Task An_emoji_is_one_character_as_people_see_it(string emoji, bool isAccepted)
    {
        if (isAccepted)
            Assert.Equal(emoji, (await _statuses.SetAsync(_ada, emoji, "", null, default))!.Emoji);
        else
            await RefusedAsync(emoji, "", null);
    }

    [Fact]
    public async Task A_text_has_a_hundred_characters_on_one_line_and_an_end_is_within_31_days()
    {
        await _statuses.SetAsync(_ada, "", new string('x', ChatUser.MaxStatusLength), Now + PeopleStatus.MaxTime, default);
        await RefusedAsync("", new string('x', ChatUser.MaxStatusLength + 1), null);
        await RefusedAsync("", "two\nlines", null);
        await RefusedAsync("", "\0", null);
        await RefusedAsync("", "x", Now);
        await RefusedAsync("", "x", Now + PeopleStatus.MaxTime + TimeSpan.FromSeconds(1));
        Assert.Equal(ChatUser.MaxStatusLength, (await _statuses.FindAsync(_ada, default))!.Text.Length);
    }

    private async Task RefusedAsync(string emoji, string text, DateTime? until)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(() => _statuses.SetAsync(_ada, emoji, text, until, default));
        Assert.Equal(RefusalCode.Invalid, refused.Code);
    }
}
