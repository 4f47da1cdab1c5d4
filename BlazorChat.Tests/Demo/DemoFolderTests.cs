using BlazorChat.Demo;

namespace BlazorChat.Tests.Demo;

public sealed class DemoFolderTests
{
    [Fact]
    public async Task A_second_start_continues_the_demo_and_no_other_site_gets_its_folder()
    {
        await using var node = await NodeProcess.StartAsync(Node.NewDataFolder(), "demo");
        await using var database = new DirectDatabase(node.DataFolder);
        var messages = database.Db.Messages.Count();

        var (code, second) = await NodeProcess.RunToEndAsync($"Data:Folder={node.DataFolder}", "demo");
        Assert.Equal(2, code);
        Assert.Contains("in use by another demo", second, StringComparison.Ordinal);

        await node.StopAsync();
        var (exitCode, error) = await NodeProcess.RunToEndAsync($"Data:Folder={node.DataFolder}");
        Assert.Equal(2, exitCode);
        Assert.Contains("has the data of a demo. Start it with --demo", error, StringComparison.Ordinal);

        await node.StartAgainAsync();
        Assert.Equal(messages, database.Db.Messages.Count());
    }

    [Fact]
    public async Task A_folder_with_data_of_another_site_is_refused_and_stays_as_it_is()
    {
        var folder = Node.NewDataFolder();
        var file = Path.Combine(folder, "blazorchat.db");
        await File.WriteAllTextAsync(file, "real", TestContext.Current.CancellationToken);

        var (exitCode, error) = await NodeProcess.RunToEndAsync($"Data:Folder={folder}", "demo");

        Assert.Equal(2, exitCode);
        Assert.Equal($"The demo does not start: {folder} has data that is not a demo's. Choose an empty folder (setting Data:Folder).", error.Trim());
        Assert.Equal([file], Directory.GetFileSystemEntries(folder));
        Assert.Equal("real", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void What_an_interrupted_start_has_left_is_deleted()
    {
        var folder = Node.NewDataFolder();
        Assert.True(DemoFolder.TryOpen(folder, out var first, out _));
        File.WriteAllText(Path.Combine(folder, "blazorchat.db"), "half");
        first.Dispose();

        Assert.True(DemoFolder.TryOpen(folder, out var second, out _));
        Assert.False(second.IsFilled);
        Assert.False(File.Exists(Path.Combine(folder, "blazorchat.db")));
        second.MarkFilled();
        File.WriteAllText(Path.Combine(folder, "blazorchat.db"), "whole");
        second.Dispose();

        Assert.True(DemoFolder.TryOpen(folder, out var third, out _));
        Assert.True(third.IsFilled);
        Assert.True(File.Exists(Path.Combine(folder, "blazorchat.db")));
        third.Dispose();
    }
}
