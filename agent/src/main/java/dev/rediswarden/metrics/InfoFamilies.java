package dev.rediswarden.metrics;

import dev.rediswarden.snapshot.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The families of redis_exporter that are one field of INFO, under its names, types and units, so that its dashboards
 * and rules keep working. A field that the server does not have makes no sample.
 */
final class InfoFamilies {

    /**
     * One family.
     *
     * @param field of INFO
     * @param scale from the field's unit to the family's
     */
    record Family(String name, boolean counter, String field, double scale) {

        OptionalDouble value(Fields info) {
            if (field.endsWith("_status")) {
                return info.text(field)
                        .map(s -> OptionalDouble.of(s.equals("ok") ? 1 : 0))
                        .orElse(OptionalDouble.empty());
            }
            OptionalDouble value = info.decimal(field);
            return value.isPresent() ? OptionalDouble.of(value.getAsDouble() * scale) : value;
        }

        String help() {
            return "INFO's " + field;
        }
    }

    static final List<Family> ALL = all();

    private InfoFamilies() {}

    private static List<Family> all() {
        List<Family> families = new ArrayList<>();
        sameName(
                families,
                "active_defrag_running allocator_frag_bytes allocator_frag_ratio allocator_rss_bytes allocator_rss_ratio"
                        + " aof_buffer_length aof_delayed_fsync aof_enabled aof_last_bgrewrite_status"
                        + " aof_last_write_status aof_pending_bio_fsync aof_pending_rewrite aof_rewrite_in_progress"
                        + " aof_rewrite_scheduled blocked_clients clients_in_timeout_table cluster_connections"
                        + " cluster_enabled connected_clients connected_slaves io_threads_active"
                        + " lazyfree_pending_objects master_repl_offset mem_clients_normal mem_clients_slaves"
                        + " mem_fragmentation_bytes mem_fragmentation_ratio module_fork_in_progress"
                        + " module_fork_last_cow_size number_of_cached_scripts process_id pubsub_channels"
                        + " pubsub_patterns rdb_bgsave_in_progress rdb_changes_since_last_save rdb_last_bgsave_status"
                        + " repl_backlog_first_byte_offset second_repl_offset slave_expires_tracked_keys"
                        + " tracking_clients tracking_total_items tracking_total_keys tracking_total_prefixes"
                        + " uptime_in_seconds");
        // Whatever their names, these are of the exporter's types.
        for (String field : ("dump_payload_sanitizations io_threaded_reads_processed io_threaded_writes_processed"
                        + " total_error_replies total_reads_processed total_writes_processed unexpected_error_replies")
                .split(" ", -1)) {
            families.add(new Family("redis_" + field, true, field, 1));
        }
        renamed(
                families,
                false,
                "expired_time_cap_reached_total=expired_time_cap_reached_count"
                        + " migrate_cached_sockets_total=migrate_cached_sockets"
                        + " rdb_current_size_bytes=rdb_current_size");
        renamed(
                families,
                false,
                "allocator_active_bytes=allocator_active allocator_allocated_bytes=allocator_allocated"
                        + " allocator_resident_bytes=allocator_resident aof_base_size_bytes=aof_base_size"
                        + " aof_current_rewrite_duration_sec=aof_current_rewrite_time_sec"
                        + " aof_current_size_bytes=aof_current_size aof_last_cow_size_bytes=aof_last_cow_size"
                        + " aof_last_rewrite_duration_sec=aof_last_rewrite_time_sec"
                        + " client_recent_max_input_buffer_bytes=client_recent_max_input_buffer"
                        + " client_recent_max_output_buffer_bytes=client_recent_max_output_buffer"
                        + " defrag_hits=active_defrag_hits defrag_key_hits=active_defrag_key_hits"
                        + " defrag_key_misses=active_defrag_key_misses defrag_misses=active_defrag_misses"
                        + " expired_stale_percentage=expired_stale_perc loading_dump_file=loading"
                        + " max_clients=maxclients mem_not_counted_for_eviction_bytes=mem_not_counted_for_evict"
                        + " memory_max_bytes=maxmemory memory_used_bytes=used_memory"
                        + " memory_used_dataset_bytes=used_memory_dataset memory_used_lua_bytes=used_memory_lua"
                        + " memory_used_overhead_bytes=used_memory_overhead memory_used_peak_bytes=used_memory_peak"
                        + " memory_used_rss_bytes=used_memory_rss memory_used_scripts_bytes=used_memory_scripts"
                        + " memory_used_startup_bytes=used_memory_startup"
                        + " rdb_current_bgsave_duration_sec=rdb_current_bgsave_time_sec"
                        + " rdb_last_bgsave_duration_sec=rdb_last_bgsave_time_sec"
                        + " rdb_last_cow_size_bytes=rdb_last_cow_size"
                        + " rdb_last_save_timestamp_seconds=rdb_last_save_time"
                        + " repl_backlog_history_bytes=repl_backlog_histlen"
                        + " repl_backlog_is_active=repl_backlog_active replica_partial_resync_accepted=sync_partial_ok"
                        + " replica_partial_resync_denied=sync_partial_err replica_resyncs_full=sync_full"
                        + " replication_backlog_bytes=repl_backlog_size"
                        + " total_system_memory_bytes=total_system_memory");
        renamed(
                families,
                true,
                "commands_processed_total=total_commands_processed"
                        + " connections_received_total=total_connections_received"
                        + " cpu_sys_children_seconds_total=used_cpu_sys_children"
                        + " cpu_sys_main_thread_seconds_total=used_cpu_sys_main_thread"
                        + " cpu_sys_seconds_total=used_cpu_sys cpu_user_children_seconds_total=used_cpu_user_children"
                        + " cpu_user_main_thread_seconds_total=used_cpu_user_main_thread"
                        + " cpu_user_seconds_total=used_cpu_user evicted_keys_total=evicted_keys"
                        + " expired_keys_total=expired_keys keyspace_hits_total=keyspace_hits"
                        + " keyspace_misses_total=keyspace_misses net_input_bytes_total=total_net_input_bytes"
                        + " net_output_bytes_total=total_net_output_bytes"
                        + " rejected_connections_total=rejected_connections");
        families.add(new Family("redis_latest_fork_seconds", false, "latest_fork_usec", 1e-6));
        return List.copyOf(families);
    }

    private static void sameName(List<Family> families, String fields) {
        for (String field : fields.split(" ", -1)) {
            families.add(new Family("redis_" + field, false, field, 1));
        }
    }

    private static void renamed(List<Family> families, boolean counter, String pairs) {
        for (String pair : pairs.split(" ", -1)) {
            int equals = pair.indexOf('=');
            families.add(new Family("redis_" + pair.substring(0, equals), counter, pair.substring(equals + 1), 1));
        }
    }
}
