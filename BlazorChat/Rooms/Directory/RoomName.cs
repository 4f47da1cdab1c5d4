using BlazorChat.Common;
using BlazorChat.Common.Names;
using BlazorChat.Data.Entities;

namespace BlazorChat.Rooms.Directory;

internal static class RoomName
{
    /// <summary>The name as it is stored: see <see cref="NameText.Clean"/>.</summary>
    /// <exception cref="RefusedException">Empty, longer than <see cref="Room.MaxNameLength"/>, or with characters that are not shown.</exception>
    public static string Clean(string name)
    {
        if (string.IsNullOrWhiteSpace(name) && PlainText.IsOneLine(name))
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("NameMissing"));
        if (NameText.FindProblem(name) is { } problem)
            throw new RefusedException(RefusalCode.Invalid, problem);

        var clean = NameText.Clean(name);
        // A few characters become longer in the compatibility form that is compared.
        if (clean.Length > Room.MaxNameLength || Room.Normalize(clean).Length > Room.MaxNameLength)
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("NameTooLong", Room.MaxNameLength));
        return clean;
    }
}
