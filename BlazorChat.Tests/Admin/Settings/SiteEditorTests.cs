using System.Security.Claims;
using BlazorChat.Accounts;
using BlazorChat.Admin.Settings;
using BlazorChat.Attachments.Uploads;
using BlazorChat.Common;
using BlazorChat.Common.Localization;
using BlazorChat.Common.Sites;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Admin.Settings;

public sealed class SiteEditorTests : IAsyncLifetime
{
    private TestDatabase _site = default!;
    private ClaimsPrincipal _admin = default!;
    private ClaimsPrincipal _zoe = default!;
    private SiteEditor _editor = default!;

    private CurrentSite Current => _site.Services.GetRequiredService<CurrentSite>();

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync();
        _admin = await _site.AddPersonAsync("Ada", isAdmin: true);
        _zoe = await _site.AddPersonAsync("Zoe");
        _editor = ActivatorUtilities.CreateInstance<SiteEditor>(_site.Services, ActivatorUtilities.CreateInstance<SiteDefaults>(_site.Services));
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task An_admin_changes_the_site_which_is_stored_known_and_audited()
    {
        Assert.Equal(("BlazorChat", 0), (Current.Name, Current.View.Version));

        await _editor.SaveAsync(_admin, new SiteDraft(0, "  Harbor   Café ", "#0A6B4E", "Welcome.\r\n\r\nBe kind. "), default);

        Assert.Equal(new SiteView(1, "Harbor Café", "Welcome.\n\nBe kind.", "#0a6b4e"), Current.View);
        await using var db = await _site.OpenAsync();
        Assert.Equal(("Harbor Café", 1), await db.SiteSettings.Select(row => ValueTuple.Create(row.Name, row.Version)).SingleAsync());
        var entry = await db.AuditEntries.SingleAsync();
        Assert.Equal((AuditAction.SiteChanged, "Ada", "Harbor Café"), (entry.Action, entry.ActorName, entry.Subject));

        await _editor.SaveAsync(_admin, new SiteDraft(1, "BlazorChat", null, ""), default);
        Assert.Equal(new SiteView(2), Current.View);
    }

    [Fact]
    public async Task Who_is_no_admin_changes_nothing()
    {
        var cookieOnly = TestDatabase.SignIn(int.Parse(_zoe.FindFirst(ClaimTypes.NameIdentifier)!.Value, null), "Zoe", isAdmin: true);

        foreach (var person in new[] { _zoe, cookieOnly })
            Assert.Equal(RefusalCode.Forbidden, (await RefusedAsync(new SiteDraft(0, "Mine", null, ""), person)).Code);

        Assert.Equal(0, Current.View.Version);
    }

    [Fact]
    public async Task What_another_admin_has_changed_meanwhile_is_not_overwritten()
    {
        await _editor.SaveAsync(_admin, new SiteDraft(0, "Harbor", null, ""), default);

        Assert.Equal(RefusalCode.Conflict, (await RefusedAsync(new SiteDraft(0, "Haven", null, ""))).Code);

        Assert.Equal("Harbor", Current.Name);
        await using var db = await _site.OpenAsync();
        Assert.Equal(1, await db.AuditEntries.CountAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("\u200b\u2800")]
    [InlineData("two\nlines")]
    [InlineData("12345678901234567890123456789012345678901")]
    public async Task A_name_that_nobody_can_read_or_that_is_too_long_is_refused(string name) =>
        Assert.Equal(RefusalCode.Invalid, (await RefusedAsync(new SiteDraft(0, name, null, ""))).Code);

    [Fact]
    public async Task A_color_that_cannot_be_read_is_refused_with_its_contrast_and_a_color_that_can()
    {
        var refused = await RefusedAsync(new SiteDraft(0, "Harbor", "#ffcc00", ""));

        Assert.Contains("contrast of 1.3 to 1. Texts need at least 4.5 to 1. Choose a darker color, such as #", refused.Message, StringComparison.Ordinal);
        var better = refused.Message[^8..^1];
        await _editor.SaveAsync(_admin, new SiteDraft(0, "Harbor", better, ""), default);
        Assert.Equal(better, Current.View.Accent);
        Assert.Contains("#4338ca", (await RefusedAsync(new SiteDraft(1, "Harbor", "red", ""))).Message, StringComparison.Ordinal);
        using (SiteLanguages.Switch("ko"))
            Assert.Contains("대비는 1.3:1이에요", (await RefusedAsync(new SiteDraft(1, "Harbor", "#ffcc00", ""))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_welcome_text_is_refused() =>
        Assert.Equal(RefusalCode.Invalid, (await RefusedAsync(new SiteDraft(0, "Harbor", null, new string('x', SiteSettings.MaxWelcomeLength + 1)))).Code);

    [Fact]
    public async Task Rules_apply_at_once_and_what_is_as_configured_follows_the_configuration()
    {
        var rooms = _site.Rooms;
        var uploads = _site.Services.GetRequiredService<AttachmentUploads>();
        Assert.Equal(50 * SiteDefaults.Megabyte, uploads.MaxSize);

        await _editor.SaveRulesAsync(_admin, new RulesDraft(0, RegistrationMode.Closed, OnlyAdminsCreateRooms: true, LinkPreviews: false, MaxUploadMegabytes: 3), default);

        Assert.Equal(3 * SiteDefaults.Megabyte, uploads.MaxSize);
        Assert.Equal((int)RegistrationMode.Closed, Current.View.Rules.Registration);
        var refused = await Assert.ThrowsAsync<RefusedException>(() => rooms.CreateAsync(_zoe, "Harbor", RoomKind.Open, default));
        Assert.Equal(RefusalCode.Forbidden, refused.Code);
        await rooms.CreateAsync(_admin, "Harbor", RoomKind.Open, default);

        await _editor.SaveRulesAsync(_admin, new RulesDraft(1, RegistrationMode.Invitation, OnlyAdminsCreateRooms: false, LinkPreviews: false, MaxUploadMegabytes: 50), default);

        Assert.Equal(new SiteRules(), Current.View.Rules);
        await rooms.CreateAsync(_zoe, "Quay", RoomKind.Open, default);
    }

    [Fact]
    public async Task Rules_of_who_is_no_admin_beyond_the_configuration_or_of_an_older_page_are_refused()
    {
        var draft = new RulesDraft(0, RegistrationMode.Open, OnlyAdminsCreateRooms: false, LinkPreviews: false, MaxUploadMegabytes: 1);
        foreach (var (person, refusable, code) in new[]
        {
            (_zoe, draft, RefusalCode.Forbidden),
            (_admin, draft with { Version = 7 }, RefusalCode.Conflict),
            (_admin, draft with { MaxUploadMegabytes = 0 }, RefusalCode.Invalid),
            (_admin, draft with { MaxUploadMegabytes = 51 }, RefusalCode.Invalid),
            (_admin, draft with { Registration = (RegistrationMode)9 }, RefusalCode.Invalid),
        })
            Assert.Equal(code, (await Assert.ThrowsAsync<RefusedException>(() => _editor.SaveRulesAsync(person, refusable, default))).Code);

        Assert.Equal(0, Current.View.Version);
    }

    private Task<RefusedException> RefusedAsync(SiteDraft draft, ClaimsPrincipal? person = null) =>
        Assert.ThrowsAsync<RefusedException>(() => _editor.SaveAsync(person ?? _admin, draft, default));
}
