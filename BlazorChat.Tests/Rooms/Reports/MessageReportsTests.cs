using System.Security.Claims;
using System.Text;
using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments.Rights;
using BlazorChat.Attachments.Uploads;
using BlazorChat.Common;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Reports;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Rooms.Reports;

public sealed class MessageReportsTests : IAsyncLifetime
{
    private TestDatabase _site = default!;
    private ClaimsPrincipal _admin = default!;
    private ClaimsPrincipal _zoe = default!;
    private ClaimsPrincipal _max = default!;

    private RoomMembers Members => _site.Services.GetRequiredService<RoomMembers>();

    private MessageReports Reports => _site.Services.GetRequiredService<MessageReports>();

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync();
        _admin = await _site.AddPersonAsync("Ada", isAdmin: true);
        _zoe = await _site.AddPersonAsync("Zoe");
        _max = await _site.AddPersonAsync("Max");
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Admins_read_a_reported_message_of_a_room_that_they_may_not_see_and_only_that()
    {
        var room = await _site.Rooms.CreateAsync(_zoe, "Secret", RoomKind.Private, default);
        await Members.AddAsync(_zoe, room.Id, _max.UserId, default);
        await SendAsync(_zoe, room, "one", "two");

        await Reports.ReportAsync(_max, room.Id, 1, ReportReason.Harassment, " rude ", default);

        var reported = Assert.Single(await Reports.ListAsync(_admin, 0, default));
        Assert.Null(reported.RoomName);
        Assert.Equal(("one", "Zoe"), (reported.Message.Markdown, reported.Message.AuthorName));
        Assert.Equal([("Max", ReportReason.Harassment, "rude")], reported.Reports.Select(report => (report.ReporterName, report.Reason, report.Note)));
        Assert.Equal(1, await Reports.CountAsync(_admin, default));
        // The room stays closed to them.
        Assert.Null(await _site.Rooms.FindAsync(_admin, room.Id, default));
    }

    [Fact]
    public async Task Only_admins_read_and_decide()
    {
        var room = await OpenRoomAsync("one");
        await Reports.ReportAsync(_max, room.Id, 1, ReportReason.Spam, "", default);
        var id = (await Reports.ListAsync(_admin, 0, default))[0].Id;

        Assert.Equal(0, await Reports.CountAsync(_zoe, default));
        Assert.Equal(RefusalCode.Forbidden, await RefusalAsync(() => Reports.ListAsync(_zoe, 0, default)));
        Assert.Equal(RefusalCode.Forbidden, await RefusalAsync(() => Reports.DismissAsync(_zoe, id, default)));
        Assert.Equal(RefusalCode.Forbidden, await RefusalAsync(() => Reports.RemoveMessageAsync(_zoe, id, default)));
        Assert.Single(await Reports.ListAsync(_admin, 0, default));
    }

    [Fact]
    public async Task What_one_may_not_read_or_has_written_is_not_reported()
    {
        var hidden = await _site.Rooms.CreateAsync(_zoe, "Secret", RoomKind.Private, default);
        await SendAsync(_zoe, hidden, "one");
        var room = await OpenRoomAsync("one", "two");
        await _site.Conversation.DeleteAsync(_zoe, room.Id, 2, default);

        Assert.Equal(RefusalCode.NotFound, await RefusalAsync(() => Reports.ReportAsync(_max, hidden.Id, 1, ReportReason.Spam, "", default)));
        Assert.Equal(RefusalCode.NotFound, await RefusalAsync(() => Reports.ReportAsync(_max, room.Id, 2, ReportReason.Spam, "", default)));
        Assert.Equal(RefusalCode.NotFound, await RefusalAsync(() => Reports.ReportAsync(_max, room.Id, 3, ReportReason.Spam, "", default)));
        Assert.Equal(RefusalCode.Conflict, await RefusalAsync(() => Reports.ReportAsync(_zoe, room.Id, 1, ReportReason.Spam, "", default)));
        Assert.Equal(RefusalCode.Invalid, await RefusalAsync(() => Reports.ReportAsync(_max, room.Id, 1, (ReportReason)9, "", default)));
        Assert.Equal(
            RefusalCode.Invalid,
            await RefusalAsync(() => Reports.ReportAsync(_max, room.Id, 1, ReportReason.Spam, new string('x', MessageReport.MaxNoteLength + 1), default)));
        Assert.Empty(await Reports.ListAsync(_admin, 0, default));
    }

    [Fact]
    public async Task A_second_report_replaces_the_first_one_and_another_person_adds_one()
    {
        var room = await OpenRoomAsync("one", "two");
        await Reports.ReportAsync(_max, room.Id, 2, ReportReason.Spam, "", default);
        await Reports.ReportAsync(_max, room.Id, 1, ReportReason.Spam, "", default);
        await Reports.ReportAsync(_max, room.Id, 2, ReportReason.Other, "more", default);
        await Reports.ReportAsync(_admin, room.Id, 2, ReportReason.Unlawful, "", default);

        var reported = await Reports.ListAsync(_admin, 0, default);

        Assert.Equal([(2L, 2), (1L, 1)], reported.Select(message => (message.Message.Sequence, message.Count)));
        Assert.Equal([(ReportReason.Other, "more"), (ReportReason.Unlawful, "")], reported[0].Reports.Select(report => (report.Reason, report.Note)));
        Assert.Equal(room.Name, reported[0].RoomName);
        Assert.Equal([1L], (await Reports.ListAsync(_admin, reported[0].Id, default)).Select(message => message.Message.Sequence));
    }

    [Fact]
    public async Task A_decision_ends_all_reports_of_the_message_and_a_later_report_asks_again()
    {
        var room = await OpenRoomAsync("one");
        await Reports.ReportAsync(_max, room.Id, 1, ReportReason.Spam, "", default);
        await Reports.ReportAsync(_admin, room.Id, 1, ReportReason.Spam, "", default);
        var id = (await Reports.ListAsync(_admin, 0, default))[0].Id;

        await Reports.DismissAsync(_admin, id, default);
        await Reports.DismissAsync(_admin, id, default);

        Assert.Empty(await Reports.ListAsync(_admin, 0, default));
        Assert.Equal([(AuditAction.ReportDismissed, "Zoe")], await ReadAuditAsync());
        await Reports.ReportAsync(_max, room.Id, 1, ReportReason.Spam, "again", default);
        Assert.Equal("again", Assert.Single(Assert.Single(await Reports.ListAsync(_admin, 0, default)).Reports).Note);
    }

    [Fact]
    public async Task An_admin_deletes_a_reported_message_in_a_private_and_archived_room()
    {
        var room = await _site.Rooms.CreateAsync(_zoe, "Secret", RoomKind.Private, default);
        await Members.AddAsync(_zoe, room.Id, _max.UserId, default);
        await SendAsync(_zoe, room, "one", "two");
        await Reports.ReportAsync(_max, room.Id, 1, ReportReason.Spam, "", default);
        await _site.RoomLifecycle.ArchiveAsync(_zoe, room.Id, default);

        await Reports.RemoveMessageAsync(_admin, (await Reports.ListAsync(_admin, 0, default))[0].Id, default);

        var messages = (await _site.Conversation.ReadLatestAsync(_max, room.Id, default)).Messages;
        Assert.Equal(["", "two"], messages.Select(message => message.Markdown));
        Assert.NotNull(messages[0].DeletedAt);
        Assert.Empty(await Reports.ListAsync(_admin, 0, default));
        Assert.Equal([(AuditAction.ReportedMessageRemoved, "Zoe")], await ReadAuditAsync());
    }

    [Fact]
    public async Task An_edit_does_not_hide_what_was_reported_and_a_deletion_is_shown()
    {
        var room = await OpenRoomAsync("rude", "other");
        await Reports.ReportAsync(_max, room.Id, 1, ReportReason.Harassment, "", default);
        await Reports.ReportAsync(_max, room.Id, 2, ReportReason.Harassment, "", default);

        await _site.Conversation.EditAsync(_zoe, room.Id, 1, "polite", default);
        await _site.Conversation.DeleteAsync(_zoe, room.Id, 2, default);

        var reported = await Reports.ListAsync(_admin, 0, default);
        Assert.Equal(("polite", "rude"), (reported[0].Message.Markdown, reported[0].ReportedText));
        Assert.NotNull(reported[1].Message.DeletedAt);
    }

    [Fact]
    public async Task An_admin_reads_a_file_of_a_message_while_its_report_waits()
    {
        var room = await _site.Rooms.CreateAsync(_zoe, "Secret", RoomKind.Private, default);
        await Members.AddAsync(_zoe, room.Id, _max.UserId, default);
        using var content = new MemoryStream(Encoding.UTF8.GetBytes("text"));
        var upload = new Upload(Guid.NewGuid(), AttachmentOwner.Room, room.Id, "note.txt", content.Length);
        await using var scope = _site.Services.CreateAsyncScope();
        var file = await scope.ServiceProvider.GetRequiredService<AttachmentUploads>().ReceiveAsync(_zoe, upload, content, default);
        await _site.Conversation.SendAsync(_zoe, room.Id, Guid.NewGuid(), "", [file.Id], default);
        Assert.Equal(AttachmentAudience.Others, await AudienceAsync(file.Id));

        await Reports.ReportAsync(_max, room.Id, 1, ReportReason.Unlawful, "", default);
        Assert.Equal(AttachmentAudience.Person, await AudienceAsync(file.Id));

        await Reports.DismissAsync(_admin, (await Reports.ListAsync(_admin, 0, default))[0].Id, default);
        Assert.Equal(AttachmentAudience.Others, await AudienceAsync(file.Id));
    }

    private async Task<AttachmentAudience> AudienceAsync(Guid id)
    {
        await using var db = await _site.OpenAsync();
        var attachment = await db.Attachments.AsNoTracking().SingleAsync(row => row.Id == id);
        return await _site.Services.GetRequiredService<AttachmentOwners>().Get(AttachmentOwner.Room).FindAudienceAsync(_admin, attachment, default);
    }

    private async Task<RoomView> OpenRoomAsync(params string[] texts)
    {
        var room = await _site.Rooms.CreateAsync(_zoe, "Room", default);
        await SendAsync(_zoe, room, texts);
        return room;
    }

    private async Task SendAsync(ClaimsPrincipal author, RoomView room, params string[] texts)
    {
        foreach (var text in texts)
            await _site.Conversation.SendAsync(author, room.Id, Guid.NewGuid(), text, default);
    }

    private async Task<(AuditAction, string)[]> ReadAuditAsync()
    {
        await using var db = await _site.OpenAsync();
        return [.. (await db.AuditEntries.OrderBy(entry => entry.Id).ToListAsync())
            .Where(entry => entry.Action is AuditAction.ReportDismissed or AuditAction.ReportedMessageRemoved)
            .Select(entry => (entry.Action, entry.Subject))];
    }

    private static async Task<RefusalCode> RefusalAsync(Func<Task> command) => (await Assert.ThrowsAsync<RefusedException>(command)).Code;
}
