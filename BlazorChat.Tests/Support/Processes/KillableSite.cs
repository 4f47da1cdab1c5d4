namespace BlazorChat.Tests.Support.Processes;

/// <summary>A <see cref="TwoNodeSite"/> whose first node is a process, for tests that kill it.</summary>
public sealed class KillableSite : TwoNodeSite
{
    /// <summary>The first node.</summary>
    public NodeProcess Process => (NodeProcess)Node;

    protected override async Task<Node> StartNodeAsync(string? dataFolder) =>
        dataFolder is null ? await NodeProcess.StartAsync(null, Settings) : await base.StartNodeAsync(dataFolder);
}
