using BlazorChat.Common.Localization;
using BlazorChat.Data.Entities.Accounts;

namespace BlazorChat.Admin.Audit;

/// <summary>What was done, in words.</summary>
internal static class AuditTexts
{
    public static LocalText Of(AuditAction action) => action switch
    {
        AuditAction.AdminGranted => AdminTexts.Get("AuditAdminGranted"),
        AuditAction.AdminRevoked => AdminTexts.Get("AuditAdminRevoked"),
        AuditAction.PersonBanned => AdminTexts.Get("AuditPersonBanned"),
        AuditAction.PersonUnbanned => AdminTexts.Get("AuditPersonUnbanned"),
        AuditAction.PasswordLinkCreated => AdminTexts.Get("AuditPasswordLinkCreated"),
        AuditAction.InvitationReset => AdminTexts.Get("AuditInvitationReset"),
        AuditAction.InvitationMailed => AdminTexts.Get("AuditInvitationMailed"),
        AuditAction.BotCreated => AdminTexts.Get("AuditBotCreated"),
        AuditAction.BotKeyCreated => AdminTexts.Get("AuditBotKeyCreated"),
        AuditAction.BotKeysRevoked => AdminTexts.Get("AuditBotKeysRevoked"),
        AuditAction.BotRemoved => AdminTexts.Get("AuditBotRemoved"),
        AuditAction.JobsRetried => AdminTexts.Get("AuditJobsRetried"),
        AuditAction.JobsRemoved => AdminTexts.Get("AuditJobsRemoved"),
        AuditAction.EmojiAdded => AdminTexts.Get("AuditEmojiAdded"),
        AuditAction.EmojiDeleted => AdminTexts.Get("AuditEmojiDeleted"),
        AuditAction.RoomOwnerAssigned => AdminTexts.Get("AuditRoomOwnerAssigned"),
        AuditAction.RoomArchived => AdminTexts.Get("AuditRoomArchived"),
        AuditAction.RoomUnarchived => AdminTexts.Get("AuditRoomUnarchived"),
        AuditAction.RoomDeleted => AdminTexts.Get("AuditRoomDeleted"),
        AuditAction.LiveblogCreated => AdminTexts.Get("AuditLiveblogCreated"),
        AuditAction.EditorAdded => AdminTexts.Get("AuditEditorAdded"),
        AuditAction.EditorRemoved => AdminTexts.Get("AuditEditorRemoved"),
        AuditAction.OwnerAdded => AdminTexts.Get("AuditOwnerAdded"),
        AuditAction.OwnerRemoved => AdminTexts.Get("AuditOwnerRemoved"),
        AuditAction.RoomOpened => AdminTexts.Get("AuditRoomOpened"),
        AuditAction.RoomMadePrivate => AdminTexts.Get("AuditRoomMadePrivate"),
        AuditAction.SiteChanged => AdminTexts.Get("AuditSiteChanged"),
        AuditAction.LogoChanged => AdminTexts.Get("AuditLogoChanged"),
        AuditAction.LogoRemoved => AdminTexts.Get("AuditLogoRemoved"),
        AuditAction.ReportDismissed => AdminTexts.Get("AuditReportDismissed"),
        AuditAction.ReportedMessageRemoved => AdminTexts.Get("AuditReportedMessageRemoved"),
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, null),
    };
}
