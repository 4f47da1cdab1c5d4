using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Rooms.Reports;

/// <summary>A message in the queue of the admins.</summary>
/// <param name="Id">The oldest report of it that waits; messages are listed in this order.</param>
/// <param name="RoomName">Null for a room that the admin may not see, whose name they may not know either.</param>
/// <param name="Message">As it is now.</param>
/// <param name="ReportedText">The text when it was first reported, if its author has edited it since; else null.</param>
/// <param name="Reports">At most ten, oldest first.</param>
/// <param name="Count">How many people have reported it.</param>
public sealed record ReportedMessage(
    long Id, string? RoomName, MessageView Message, string? ReportedText, IReadOnlyList<ReportView> Reports, int Count);

/// <summary>A report that waits.</summary>
/// <param name="Note">Empty for none.</param>
public sealed record ReportView(string ReporterName, ReportReason Reason, string Note, DateTime ReportedAt);
