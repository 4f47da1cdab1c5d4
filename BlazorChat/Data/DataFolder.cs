namespace BlazorChat.Data;

/// <summary>The one folder that holds everything the app writes: one place to back up.</summary>
public static class DataFolder
{
    public static string Resolve(IConfiguration configuration, IHostEnvironment environment) =>
        Path.GetFullPath(configuration["Data:Folder"] ?? "data", environment.ContentRootPath);
}
