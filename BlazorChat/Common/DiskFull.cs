using BlazorChat.Common.Localization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace BlazorChat.Common;

/// <summary>Recognises a full disk in the errors of the file system and of SQLite, and creates the refusal for the person who asked.</summary>
internal static class DiskFull
{
    // ENOSPC and EDQUOT; Windows' codes for a full disk.
    private static readonly HashSet<int> Codes = [28, 122, unchecked((int)0x80070027), unchecked((int)0x80070070)];

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    public static RefusedException Refusal() => RefusedException.Full(CommonTexts.Get("DiskFull"), RetryAfter);

    public static bool Is(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            switch (exception)
            {
                case RefusedException { Code: RefusalCode.Full }:
                case SqliteException { SqliteErrorCode: raw.SQLITE_FULL }:
                case IOException when Codes.Contains(exception.HResult):
                    return true;
            }
        }

        return false;
    }
}
