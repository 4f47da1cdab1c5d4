using BlazorChat.Common.Localization;
using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Rooms.Reports;

/// <summary>The reasons of reports, in words.</summary>
internal static class ReportTexts
{
    public static LocalText Of(ReportReason reason) => reason switch
    {
        ReportReason.Spam => RoomTexts.Get("ReportSpam"),
        ReportReason.Harassment => RoomTexts.Get("ReportHarassment"),
        ReportReason.Unlawful => RoomTexts.Get("ReportUnlawful"),
        ReportReason.Other => RoomTexts.Get("ReportOther"),
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}
