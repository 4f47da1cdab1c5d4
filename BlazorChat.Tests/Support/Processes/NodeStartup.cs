using System.Diagnostics;
using System.Runtime.Loader;
using BlazorChat.Data.Sqlite;
using BlazorChat.Tests.Channels.Workers;

[assembly: HostingStartup(typeof(NodeStartup))]

namespace BlazorChat.Tests.Support.Processes
{
    /// <summary>
    /// Adds services of the tests to the app that a <see cref="NodeProcess"/> starts: <see cref="AsyncSqlite"/>, <see cref="EndpointList"/>, and the
    /// workers of this assembly on request.
    /// </summary>
    public sealed class NodeStartup : IHostingStartup
    {
        /// <summary>The environment variable that enables <see cref="TestWorkers"/>.</summary>
        public const string WorkersVariable = "BLAZORCHAT_TEST_WORKERS";

        public void Configure(IWebHostBuilder builder) => builder.ConfigureServices(services =>
        {
            services.ConfigureDbContext<SqliteChatDbContext>(AsyncSqlite.AddTo);
            EndpointList.AddTo(services);
            if (Environment.GetEnvironmentVariable(WorkersVariable) is not null)
                TestWorkers.AddTo(services);
        });
    }

    public sealed partial class NodeProcess
    {
        static partial void AddTestServices(ProcessStartInfo start, bool hasTestWorkers)
        {
            var assembly = typeof(NodeStartup).Assembly;
            start.Environment["DOTNET_STARTUP_HOOKS"] = assembly.Location;
            start.Environment["ASPNETCORE_HOSTINGSTARTUPASSEMBLIES"] = assembly.GetName().Name;
            if (hasTestWorkers)
                start.Environment[NodeStartup.WorkersVariable] = "1";
        }
    }
}

/// <summary>
/// Lets the runtime of any build of the app find this assembly and its dependencies (<c>DOTNET_STARTUP_HOOKS</c>). The runtime prescribes the
/// name.
/// </summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        var folder = Path.GetDirectoryName(typeof(StartupHook).Assembly.Location)!;
        AssemblyLoadContext.Default.Resolving += (context, name) =>
        {
            var path = Path.Combine(folder, $"{name.Name}.dll");
            return File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
        };
    }
}
