using System.Text.Json;
using System.Text.Json.Serialization;
using BlazorChat.Attachments.Uploads;
using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Layer.Redis;
using BlazorChat.Data;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorChat.Shell;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: it can serve, with the states of database, layer, Redis and disk. A node
/// with a degraded layer serves its own users, so it is ready; a stopping one is not.
/// </summary>
internal static class Health
{
    private const string Ok = "ok";

    private static readonly JsonSerializerOptions WithoutNulls =
        new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static void AddHealth(this IServiceCollection services) => services.AddHealthChecks()
        .AddDbContextCheck<ChatDbContext>("database")
        .AddCheck<LayerCheck>("layer")
        .AddCheck<DiskCheck>("disk")
        .AddCheck<StoppingCheck>("node");

    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            ResponseWriter = (context, report) => context.Response.WriteAsJsonAsync(new
            {
                status = report.Status == HealthStatus.Unhealthy ? "unready" : "ready",
                database = report.Entries["database"].Status == HealthStatus.Healthy ? Ok : "down",
                layer = report.Entries["layer"].Status == HealthStatus.Healthy ? "connected" : "degraded",
                redis = Describe(context.RequestServices.GetService<RedisStatus>()),
                disk = report.Entries["disk"].Status switch
                {
                    HealthStatus.Healthy => Ok,
                    HealthStatus.Degraded => "low",
                    _ => "full",
                },
            }, WithoutNulls),
        });
    }

    /// <summary>What Redis is used for, each with <c>ok</c> or why it does not work; null without Redis.</summary>
    private static object? Describe(RedisStatus? redis) => redis is null ? null : new
    {
        events = redis[RedisUse.Events] ?? Ok,
        jobs = redis[RedisUse.Jobs] ?? redis[RedisUse.Workers] ?? Ok,
    };

    private sealed class StoppingCheck(IHostApplicationLifetime host) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
            Task.FromResult(host.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy() : HealthCheckResult.Healthy());
    }

    /// <summary>With little free space uploads are refused; with none nothing is saved, so the node is not ready.</summary>
    private sealed class DiskCheck(IServiceProvider services, UploadQuota uploads) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
        {
            // There is none over SQL Server, whose disk is its own.
            var isFull = services.GetService<DiskGuard>()?.IsFull == true;
            return Task.FromResult(isFull ? HealthCheckResult.Unhealthy() : uploads.IsDiskLow ? HealthCheckResult.Degraded() : HealthCheckResult.Healthy());
        }
    }

    private sealed class LayerCheck(IChannelLayer layer) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
            Task.FromResult(layer.State == LayerState.Connected ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded());
    }
}
