/** `on`: one type of event, heard for as long as a scope lives. */
import { flushPromises } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, expectTypeOf, test, vi } from 'vitest';
import { createApp, effectScope } from 'vue';
import { createHeartbeatSocket, useHeartbeatSocket } from '../../src';
