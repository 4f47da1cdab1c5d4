using System.Text;
using BlazorChat.Data;

namespace BlazorChat.Rooms;

internal static class RoomName
{
    /// <summary>The name as it is kept: trimmed and composed.</summary>
    /// <exception cref="RefusedException">Empty, longer than <see cref="Room.MaxNameLength"/>, or with control characters.</exception>
    public static string Clean(string name)
    {
        if (!PlainText.IsOneLine(name))
            throw new RefusedException(RefusalCode.Invalid, "This name has characters that cannot be shown.");

        var clean = name.Trim().Normalize(NormalizationForm.FormC);
        if (clean.Length == 0)
            throw new RefusedException(RefusalCode.Invalid, "Give the room a name.");
        // Compared in a compatibility form, a few characters become longer.
        if (clean.Length > Room.MaxNameLength || Room.Normalize(clean).Length > Room.MaxNameLength)
            throw new RefusedException(RefusalCode.Invalid, $"A room's name has at most {Room.MaxNameLength} characters.");
        return clean;
    }
}
