using System.Runtime.Versioning;

namespace BlazorChat.Tests.Data;

[UnsupportedOSPlatform("windows")]
[Trait("Speed", "Slow")]
public sealed class DataFolderTests
{
    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnFolder = OwnFile | UnixFileMode.UserExecute;
    private const UnixFileMode EverybodyReads = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode EverybodyEnters = EverybodyReads | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    [Fact]
    public async Task G16_An_existing_folder_that_others_can_read_is_restricted_at_start_and_logged()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such modes.");
        await using var node = await NodeProcess.StartAsync(Node.NewDataFolder());
        using var ada = new FormClient(node.Address);
        await ada.SetUpAsync();
        await UploadAsync(ada);
        var written = Directory.EnumerateFiles(node.DataFolder).ToArray();
        Assert.All(written, file => Assert.Equal(OwnFile, File.GetUnixFileMode(file)));
        var attachments = Path.Combine(node.DataFolder, "attachments");
        Assert.All(Directory.EnumerateFiles(attachments, "*", SearchOption.AllDirectories), file => Assert.Equal(OwnFile, File.GetUnixFileMode(file)));
        Assert.DoesNotContain("open to other users", node.Log, StringComparison.Ordinal);
        await node.KillAsync();

        var foreign = Path.Combine(node.DataFolder, "notes.sh");
        await File.WriteAllTextAsync(foreign, "");
        foreach (var file in written.Append(foreign))
            File.SetUnixFileMode(file, OwnFolder | EverybodyReads);
        File.SetUnixFileMode(node.DataFolder, OwnFolder | EverybodyEnters);
        File.SetUnixFileMode(attachments, OwnFolder | EverybodyEnters);
        await node.StartAgainAsync();

        Assert.Equal((OwnFolder, OwnFolder), (File.GetUnixFileMode(node.DataFolder), File.GetUnixFileMode(attachments)));
        Assert.All(Directory.EnumerateFiles(node.DataFolder).Where(file => file != foreign), file => Assert.Equal(OwnFile, File.GetUnixFileMode(file)));
        Assert.Equal(OwnFolder | EverybodyReads, File.GetUnixFileMode(foreign));
        foreach (var path in new[] { node.DataFolder, attachments, Path.Combine(node.DataFolder, "blazorchat.db") })
            Assert.Contains($"{path} was open to other users", node.Log, StringComparison.Ordinal);
    }

    private static async Task UploadAsync(FormClient ada)
    {
        using var content = new ByteArrayContent([1, 2, 3]);
        using var kept = await ada.PutAsync($"attachments/{Guid.NewGuid()}?owner=room&ownerId=1&name=x", content);
        Assert.True(kept.IsSuccessStatusCode);
    }
}
