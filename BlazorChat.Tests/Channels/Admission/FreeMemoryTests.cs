using BlazorChat.Channels.Admission;

namespace BlazorChat.Tests.Channels.Admission;

public sealed class FreeMemoryTests
{
    [Fact]
    public async Task The_control_group_with_least_memory_left_counts_and_its_file_caches_are_free()
    {
        var root = NodeProcess.NewDataFolder();
        await WriteAsync(root, "system.slice", max: "1000", current: 950);
        await WriteAsync(root, "system.slice/chat.service", max: "max", current: 900);
        await WriteAsync(root, "system.slice/small.service", max: "500", current: 470);

        Assert.Equal(80, FreeMemory.ReadGroups(root, "/system.slice/chat.service"));
        Assert.Equal(60, FreeMemory.ReadGroups(root, "/system.slice/small.service"));
        Assert.Equal(long.MaxValue, FreeMemory.ReadGroups(root, "/"));
    }

    private static async Task WriteAsync(string root, string group, string max, int current)
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, group)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "memory.max"), $"{max}\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "memory.current"), $"{current}\n");
        await File.WriteAllTextAsync(
            Path.Combine(folder, "memory.stat"), "anon 1\ninactive_anon 2\nactive_anon 3\ninactive_file 10\nactive_file 20\n");
    }
}
